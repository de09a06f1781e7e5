namespace ProfileService.Cli.Load;

/// <summary>One kind of request that is measured.</summary>
/// <param name="Name">Name, such as <c>lookup, JSON</c>.</param>
/// <param name="Entities">Users or events per request.</param>
/// <param name="Source">Creates the requests of a connection, from its number and the number of connections.</param>
/// <param name="MostConnections">Connections that there may be; null if that does not depend on the path.</param>
internal sealed record LoadPath(string Name, int Entities, Func<int, int, IRequestSource> Source, int? MostConnections = null)
{
    private const string IngestName = "ingest, JSON";
    private const int EventsPerRequest = 100;

    private static readonly int[] Batches = [1, 10, 50, 100];
    private static readonly (string Name, string Type)[] Formats = [("JSON", HttpRequest.Json), ("binary", HttpRequest.Binary)];

    /// <summary>Every path's name on the command line, such as <c>lookup-json-1</c>.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. LookupKeys, IngestKey];

    /// <summary>The path that sends events.</summary>
    public static string IngestKey => KeyOf(IngestName, EventsPerRequest);

    private static IEnumerable<string> LookupKeys =>
        from format in Formats from batchSize in Batches select KeyOf($"lookup, {format.Name}", batchSize);

    public static IEnumerable<LoadPath> Lookups(Uri url, IReadOnlyList<string> users) => Of(url, users, [.. LookupKeys]);

    /// <summary>The paths with these keys.</summary>
    public static IEnumerable<LoadPath> Of(Uri url, IReadOnlyList<string> users, IReadOnlyList<string> keys)
    {
        foreach (var (name, type) in Formats)
        {
            foreach (var batchSize in Batches.Where(b => keys.Contains(KeyOf($"lookup, {name}", b))))
                yield return Lookup(url, users, $"lookup, {name}", batchSize, type);
        }

        if (keys.Contains(IngestKey))
            yield return Ingest(url, users, IngestName, EventsPerRequest, HttpRequest.Json);
    }

    public static LoadPath Lookup(Uri url, IReadOnlyList<string> users, string name, int batchSize, string accept)
    {
        var requests = LookupRequests.Write(url, users, batchSize, accept);
        return new LoadPath(name, batchSize, (connection, connections) =>
            new LookupRequests(requests, batchSize, connection * requests.Count / connections));
    }

    /// <summary>Each connection has its own users, so that no two events are equal. There must be as many users as connections.</summary>
    public static LoadPath Ingest(Uri url, IReadOnlyList<string> users, string name, int batchSize, string contentType) =>
        new(name, batchSize, (connection, connections) => new EventRequests(
            url, [.. users.Where((_, i) => i % connections == connection)], batchSize, contentType, TimeProvider.System), users.Count);

    private static string KeyOf(string name, int entities) =>
        $"{name.Replace(", ", "-", StringComparison.Ordinal)}-{entities}".ToLowerInvariant();
}
