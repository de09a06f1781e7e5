using System.Globalization;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.Load;

/// <summary>
/// The highest rate of arrivals at which a service keeps up from event to stored profile, the endpoint and the refresh together; and loads
/// that are a share of it. Events come ten to a request, as from a collector that flushes often, each of another user, so that none is
/// coalesced.
/// </summary>
/// <param name="beside">What else runs while the loads do, for a span: it shares the machine, and so belongs into the capacity.</param>
internal sealed class Capacity(
    Bench bench, ServiceUnderTest service, ServiceStores stores, IReadOnlyList<string> users, Func<TimeSpan, Task> beside)
{
    private const int EventsPerRequest = 10;
    private const double Step = .95; // from one tried rate to the next
    private const double Least = .2; // of the burst, where the search gives up
    private static readonly TimeSpan Trial = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxLeft = TimeSpan.FromSeconds(.15); // of work: what is under way, and 2 % that it fell behind

    private readonly DueUsers _due = new(service, stores, users);

    /// <summary>Found by an open loop, as the loads are.</summary>
    public double UsersPerSecond { get; private set; }

    /// <summary>
    /// Tries rates upwards from what a burst takes, or downwards: the highest of which all requests were sent in time and the users that
    /// they made due were refreshed soon after the last one: what is left then grows with the trial where the rate is above the capacity.
    /// </summary>
    /// <exception cref="InvalidOperationException">The service keeps up with none.</exception>
    public async Task FindAsync()
    {
        await BurstAsync(); // warms up
        var burst = await BurstAsync();
        var kept = await KeepsUpAsync(burst);
        var factor = kept ? 1 / Step : Step;
        for (var rate = burst * factor; rate > Least * burst; rate *= factor)
        {
            if (await KeepsUpAsync(rate) != kept)
            {
                UsersPerSecond = kept ? rate / factor : rate;
                return;
            }
        }

        throw new InvalidOperationException("The service keeps up with no rate of events.");
    }

    /// <summary>Events at a share of the capacity, at even steps, for a span.</summary>
    public LoadResult Load(double share, TimeSpan span)
    {
        var path = LoadPath.Ingest(service.Url, users, "ingest", EventsPerRequest, HttpRequest.Json);
        return BenchLoad.Run(bench, service.Server, path.Source, Bench.Connections, span, share * UsersPerSecond / EventsPerRequest);
    }

    public Task SettleAsync() => _due.WaitUntilNoneAsync(bench.Cancellation);

    private async Task<bool> KeepsUpAsync(double rate)
    {
        UsersPerSecond = rate;
        var others = beside(Trial);
        var result = await Task.Run(() => Load(1, Trial));
        await others;
        var ended = TimeProvider.System.GetTimestamp();
        await SettleAsync();
        var left = TimeProvider.System.GetElapsedTime(ended);
        Bench.Tell(string.Create(
            CultureInfo.InvariantCulture, $"{rate:N0} users/s: {left.TotalSeconds:0.00} s of work left, {result.Unsent} requests not sent"));
        return result.KeptRate && left <= MaxLeft;
    }

    // One event for every user as fast as the endpoint takes it, until all are refreshed; users a second.
    private async Task<double> BurstAsync()
    {
        await SettleAsync();
        var started = TimeProvider.System.GetTimestamp();
        await Task.Run(SendToAll);
        await SettleAsync();
        return users.Count / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private void SendToAll() => Parallel.For(0, Bench.Connections, new ParallelOptions { MaxDegreeOfParallelism = Bench.Connections }, connection =>
    {
        string[] own = [.. users.Where((_, i) => i % Bench.Connections == connection)];
        var requests = new EventRequests(service.Url, own, EventsPerRequest, HttpRequest.Json, TimeProvider.System);
        using var http = new HttpConnection(service.Server);
        for (var sent = 0; sent < own.Length; sent += EventsPerRequest)
        {
            if (http.Send(requests.Next()) is { IsGood: false } refused)
                throw new InvalidOperationException($"Events were answered {refused}.");
        }
    });
}
