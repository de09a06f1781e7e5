namespace ProfileService.Cli.Load;

/// <summary>One way of using the service that is put under load.</summary>
/// <param name="Name">Such as <c>lookup, JSON</c>.</param>
/// <param name="Entities">Users or events of a request.</param>
/// <param name="Source">What a connection of so many sends.</param>
internal sealed record LoadPath(string Name, int Entities, Func<int, int, IRequestSource> Source)
{
    private static readonly int[] Batches = [1, 10, 50, 100];
    private static readonly (string Name, string Type)[] Formats = [("JSON", HttpRequest.Json), ("binary", HttpRequest.Binary)];

    public static IEnumerable<LoadPath> Lookups(Uri url, IReadOnlyList<string> users) =>
        from format in Formats
        from together in Batches
        select Lookup(url, users, $"lookup, {format.Name}", together, format.Type);

    public static LoadPath Lookup(Uri url, IReadOnlyList<string> users, string name, int together, string accept)
    {
        var requests = LookupRequests.Write(url, users, together, accept);
        return new LoadPath(name, together, (connection, connections) => new LookupRequests(requests, together, connection * requests.Count / connections));
    }

    /// <summary>Each connection has users of its own, so that a request holds so many different ones and no event meets another.</summary>
    public static LoadPath Ingest(Uri url, IReadOnlyList<string> users, string name, int together, string contentType) =>
        new(name, together, (connection, connections) => new EventRequests(
            url, [.. users.Where((_, i) => i % connections == connection)], together, contentType, TimeProvider.System));
}
