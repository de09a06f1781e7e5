namespace ProfileService.Cli.Load;

/// <summary>One kind of request that is measured.</summary>
/// <param name="Name">Name, such as <c>lookup, JSON</c>.</param>
/// <param name="Entities">Users or events per request.</param>
/// <param name="Source">Creates the requests of a connection, from its number and the number of connections.</param>
internal sealed record LoadPath(string Name, int Entities, Func<int, int, IRequestSource> Source)
{
    private static readonly int[] Batches = [1, 10, 50, 100];
    private static readonly (string Name, string Type)[] Formats = [("JSON", HttpRequest.Json), ("binary", HttpRequest.Binary)];

    public static IEnumerable<LoadPath> Lookups(Uri url, IReadOnlyList<string> users) =>
        from format in Formats
        from batchSize in Batches
        select Lookup(url, users, $"lookup, {format.Name}", batchSize, format.Type);

    public static LoadPath Lookup(Uri url, IReadOnlyList<string> users, string name, int batchSize, string accept)
    {
        var requests = LookupRequests.Write(url, users, batchSize, accept);
        return new LoadPath(name, batchSize, (connection, connections) =>
            new LookupRequests(requests, batchSize, connection * requests.Count / connections));
    }

    /// <summary>Each connection has its own users, so that the users of a request differ and no two events are equal.</summary>
    public static LoadPath Ingest(Uri url, IReadOnlyList<string> users, string name, int batchSize, string contentType) =>
        new(name, batchSize, (connection, connections) => new EventRequests(
            url, [.. users.Where((_, i) => i % connections == connection)], batchSize, contentType, TimeProvider.System));
}
