using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks;

/// <summary>
/// How many users a second a service takes from event to stored profile, the door and the refresh together; and loads that are a share of
/// it. Events come ten to a request, as from a collector that flushes often, each of another user, so that none is coalesced.
/// </summary>
internal sealed class Capacity(Bench bench, ServiceUnderTest service, ServiceStores stores, IReadOnlyList<string> users)
{
    private const int EventsOfARequest = 10;
    private const int Looks = 3;

    private readonly DueUsers _due = new(service, stores, users);

    public double UsersPerSecond { get; private set; }

    /// <summary>One event for every user as fast as the door takes it, until all are refreshed; the median of some tries.</summary>
    public async Task FindAsync()
    {
        var found = new List<double>();
        for (var look = 0; look <= Looks; look++)
        {
            await _due.WaitUntilNoneAsync(bench.Cancellation);
            var started = TimeProvider.System.GetTimestamp();
            await Task.Run(SendToAll);
            await _due.WaitUntilNoneAsync(bench.Cancellation);
            if (look > 0) // the first warms up
                found.Add(users.Count / TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        }

        UsersPerSecond = Spread.Of(found).Median;
    }

    /// <summary>Events at a share of the capacity, at even steps, for a span.</summary>
    public LoadResult Load(double share, TimeSpan span)
    {
        var path = LoadPath.Ingest(service.Url, users, "ingest", EventsOfARequest, HttpRequest.Json);
        return BenchLoad.Run(bench, service.Server, path.Source, Bench.Connections, span, share * UsersPerSecond / EventsOfARequest);
    }

    public Task SettleAsync() => _due.WaitUntilNoneAsync(bench.Cancellation);

    private void SendToAll() => Parallel.For(0, Bench.Connections, new ParallelOptions { MaxDegreeOfParallelism = Bench.Connections }, connection =>
    {
        string[] own = [.. users.Where((_, i) => i % Bench.Connections == connection)];
        var requests = new EventRequests(service.Url, own, EventsOfARequest, HttpRequest.Json, TimeProvider.System);
        using var http = new HttpConnection(service.Server);
        for (var sent = 0; sent < own.Length; sent += EventsOfARequest)
        {
            if (http.Send(requests.Next()) is { IsGood: false } refused)
                throw new InvalidOperationException($"Events were answered {refused}.");
        }
    });
}
