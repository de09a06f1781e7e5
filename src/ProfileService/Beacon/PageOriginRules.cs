using System.Net;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Beacon;

/// <summary>Validates at start that each origin is one that a browser may send, and that not every page is let in.</summary>
internal sealed class PageOriginRules : IValidateOptions<PageOptions>
{
    public ValidateOptionsResult Validate(string? name, PageOptions options)
    {
        var wrong = options.Origins.Select(ProblemOf).OfType<string>().ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static string? ProblemOf(string origin) =>
        origin == "*" ? "Cors:Origins: * would let any page on the internet send events. Name the origins of your own pages."
        : IsOrigin(origin) ? null
        : $"Cors:Origins: '{ShortText.Of(origin)}' is not the origin of a page. Write scheme, name and, if it is another one than the "
            + "scheme's, the port, in lower case and without a path: https://shop.example. http is for localhost alone.";

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && Uri.CheckHostName(uri.Host) != UriHostNameType.Unknown
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && ServerAddresses.IsLoopback(uri.Host)))
        && origin == $"{uri.Scheme}://{HostOf(uri)}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";

    // As browsers send it: a name in Punycode.
    private static string HostOf(Uri uri) => IPAddress.TryParse(uri.Host, out _) ? uri.Host : uri.IdnHost;
}
