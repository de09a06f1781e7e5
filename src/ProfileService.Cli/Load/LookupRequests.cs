using System.Text.Json;

namespace ProfileService.Cli.Load;

/// <summary>
/// Lookup requests of one connection. They are written before the measurement and repeated; each connection starts at another one.
/// </summary>
internal sealed class LookupRequests(IReadOnlyList<byte[]> requests, int usersPerRequest, int first) : IRequestSource
{
    public const int MaxWritten = 10_000; // limits the memory

    private int _next = first % requests.Count;

    /// <summary>Writes lookups of <paramref name="batchSize"/> users each: of one user by GET, of several by POST.</summary>
    public static IReadOnlyList<byte[]> Write(Uri server, IReadOnlyList<string> users, int batchSize, string accept) =>
    [
        .. Enumerable.Range(0, Math.Min(MaxWritten, users.Count)).Select(i => batchSize == 1
            ? HttpRequest.Get(server, $"/v1/users/{Uri.EscapeDataString(users[i])}/profile", accept)
            : HttpRequest.Post(server, "/v1/profiles/lookup", accept, HttpRequest.Json, JsonSerializer.Serialize(new
            {
                userIds = Enumerable.Range(0, batchSize).Select(j => users[((i * batchSize) + j) % users.Count]),
            }))),
    ];

    public ReadOnlySpan<byte> Next()
    {
        if (_next == requests.Count)
            _next = 0;
        return requests[_next++];
    }

    public long CountDone(HttpAnswer answer) => usersPerRequest;
}
