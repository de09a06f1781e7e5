using System.Diagnostics;
using OpenTelemetry;

namespace ProfileService.Host;

/// <summary>Removes URLs from spans before export, because paths contain user ids. <c>http.route</c> remains.</summary>
internal sealed class AnonymousSpans : BaseProcessor<Activity>
{
    private const string Route = "http.route";

    private static readonly string[] Addresses = ["url.path", "url.query", "url.full", "url.original", "http.target", "http.url"];

    public override void OnEnd(Activity data)
    {
        var route = data.GetTagItem(Route);
        foreach (var tag in Addresses)
        {
            if (data.GetTagItem(tag) is not null)
                data.SetTag(tag, tag == "url.path" ? route : null); // null removes the tag
        }
    }
}
