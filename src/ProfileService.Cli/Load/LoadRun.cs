using System.Net;

namespace ProfileService.Cli.Load;

/// <summary>
/// Sends requests over a number of connections for a time and measures the responses. Each connection has a thread, which blocks until the
/// response arrives.
/// </summary>
internal sealed class LoadRun(IPEndPoint server, TimeProvider time)
{
    private const int StackBytes = 256 << 10;

    /// <summary>Runs for the warm-up, which does not count, and the duration.</summary>
    /// <param name="source">Creates the requests of a connection from its number.</param>
    /// <param name="rate">
    /// Requests per second of all connections together, evenly spaced (open loop); null for as many as come back (closed loop).
    /// </param>
    public LoadResult Run(
        Func<int, IRequestSource> source,
        int connections,
        TimeSpan warmUp,
        TimeSpan duration,
        double? rate,
        CancellationToken cancellationToken)
    {
        var sources = Enumerable.Range(0, connections).Select(source).ToList(); // created before the measurement
        var arrivals = rate is { } perSecond ? new Arrivals(time, perSecond) : null;
        var begin = time.GetTimestamp() + Ticks(warmUp);
        var lanes = sources.ConvertAll(requests => new LoadLane(server, requests, time, begin, begin + Ticks(duration), arrivals));
        var threads = lanes.ConvertAll(lane => new Thread(() => lane.Run(cancellationToken), StackBytes) { IsBackground = true });
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        cancellationToken.ThrowIfCancellationRequested();
        return LoadResult.Of(lanes.Select(l => l.Result(duration)));
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
