using ProfileService.Platform;

namespace ProfileService.Events.CloudEvents;

/// <summary>The attributes of a CloudEvent as headers.</summary>
internal static class CloudEventHeaders
{
    private const string HttpPrefix = "ce-";

    private static readonly (string Name, string Meaning)[] Described =
    [
        ("specversion", "1.0 if the body is a CloudEvent in binary mode; left out otherwise."),
        ("id", "Id of the CloudEvent, unique within its source. With the source it is the event's id, where the body has none."),
        ("source", "URI of where the CloudEvent comes from."),
        ("type", "Its last part is the event's kind, where the body has none: com.example.shop.view is a view."),
        ("subject", "The event's user, where the body has none."),
        ("time", "The event's timestamp, where the body has none."),
    ];

    /// <summary>The headers, for the description of a route.</summary>
    public static ApiHeader[] Headers => [.. Described.Select(d => new ApiHeader(HttpPrefix + d.Name, d.Meaning, typeof(string)))];

    /// <summary>The attributes of a request in binary mode; null if the request is not in binary mode.</summary>
    public static CloudEventAttributes? Of(IHeaderDictionary headers) =>
        Of(HttpPrefix, name => headers[name].Select(value => PercentText.Decode(Unquoted(value ?? ""))), PercentText.NotValid);

    /// <summary>A value in quotes without them, as the binding of HTTP asks of readers.</summary>
    private static string Unquoted(string value) =>
        value is ['"', .. var inner, '"']
            ? inner.Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal)
            : value;

    /// <param name="find">Returns the values of the headers of a name; null for one that cannot be decoded.</param>
    /// <param name="notValid">Says of the header of a name that it cannot be decoded, and what would be right.</param>
    public static CloudEventAttributes? Of(string prefix, Func<string, IEnumerable<string?>> find, Func<string, string> notValid)
    {
        CloudEventAttributes? attributes = null;
        foreach (var (name, _) in Described)
        {
            foreach (var value in find(prefix + name))
            {
                attributes ??= new CloudEventAttributes(prefix, dataPath: "");
                if (value is null)
                    attributes.MarkUnreadable(name, notValid(prefix + name));
                else if (!attributes.TrySet(name, value))
                    attributes.MarkRepeated(name);
            }
        }

        return attributes;
    }
}
