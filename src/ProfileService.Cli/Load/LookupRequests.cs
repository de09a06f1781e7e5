using System.Text.Json;

namespace ProfileService.Cli.Load;

/// <summary>Lookups that were written before the clock runs, in turn from a place of each connection's own.</summary>
internal sealed class LookupRequests(IReadOnlyList<byte[]> requests, int usersOfARequest, int first) : IRequestSource
{
    public const int Written = 10_000; // requests at most; more would only take memory

    private int _next = first % requests.Count;

    /// <summary>Lookups of <paramref name="together"/> users each: one by GET, more by POST.</summary>
    public static IReadOnlyList<byte[]> Write(Uri server, IReadOnlyList<string> users, int together, string accept) =>
    [
        .. Enumerable.Range(0, Math.Min(Written, users.Count)).Select(i => together == 1
            ? HttpRequest.Get(server, $"/v1/users/{Uri.EscapeDataString(users[i])}/profile", accept)
            : HttpRequest.Post(server, "/v1/profiles/lookup", accept, HttpRequest.Json, JsonSerializer.Serialize(new
            {
                userIds = Enumerable.Range(0, together).Select(j => users[((i * together) + j) % users.Count]),
            }))),
    ];

    public ReadOnlySpan<byte> Next()
    {
        if (_next == requests.Count)
            _next = 0;
        return requests[_next++];
    }

    public long Done(HttpAnswer answer) => usersOfARequest;
}
