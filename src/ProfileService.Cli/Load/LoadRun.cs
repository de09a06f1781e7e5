using System.Net;
using System.Net.Sockets;

namespace ProfileService.Cli.Load;

/// <summary>Keeps a number of connections busy for a while and tells what came back. A thread a connection: each asks, waits, and asks again.</summary>
internal sealed class LoadRun(IPEndPoint server, TimeProvider time)
{
    private const int StackBytes = 256 << 10;

    /// <summary>Runs to the end of <paramref name="duration"/>; counted is what is answered in it, after the <paramref name="warmUp"/>.</summary>
    /// <param name="source">What a connection sends, by its number.</param>
    /// <param name="rate">Requests a second of all connections together, at even steps; null for as many as come back.</param>
    public LoadResult Run(Func<int, IRequestSource> source, int connections, TimeSpan warmUp, TimeSpan duration, double? rate, CancellationToken cancellationToken)
    {
        var sources = Enumerable.Range(0, connections).Select(source).ToList(); // written before the clock runs
        var begin = time.GetTimestamp() + Ticks(warmUp);
        var lanes = sources.Select((requests, i) => new Lane(
            server, requests, time, begin, begin + Ticks(duration),
            rate is { } r ? new Pace(time.GetTimestamp(), time.TimestampFrequency / r * connections, (double)i / connections) : null)).ToList();
        var threads = lanes.Select(lane => new Thread(() => lane.Run(cancellationToken), StackBytes) { IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        cancellationToken.ThrowIfCancellationRequested();
        return LoadResult.Of(lanes.Select(l => l.Result(duration)));
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>When the next request of a lane is to go out.</summary>
    /// <param name="Step">Time stamps from one request to the next.</param>
    /// <param name="Offset">Share of a step by which this lane is behind the first, so that they take turns.</param>
    private sealed record Pace(long Start, double Step, double Offset)
    {
        public long At(long request) => Start + (long)((request + Offset) * Step);
    }

    private sealed class Lane(IPEndPoint server, IRequestSource requests, TimeProvider time, long begin, long end, Pace? pace)
    {
        private static readonly TimeSpan AfterError = TimeSpan.FromMilliseconds(10); // a service that is gone is not asked without pause

        private readonly LatencyHistogram _latencies = new();
        private long _done;
        private long _errors;
        private string? _firstError;

        public LoadResult Result(TimeSpan duration) => new(duration, _latencies, _done, _errors, _firstError);

        public void Run(CancellationToken cancellationToken)
        {
            using var connection = new HttpConnection(server);
            for (var i = 0L; !cancellationToken.IsCancellationRequested; i++)
            {
                var started = pace is null ? time.GetTimestamp() : WaitUntil(pace.At(i), cancellationToken);
                if (started >= end)
                    return;
                var (done, error) = Ask(connection);
                var ended = time.GetTimestamp();
                if (error is not null && ended < end)
                    cancellationToken.WaitHandle.WaitOne(AfterError);
                if (ended < begin || ended > end)
                    continue;
                if (error is null)
                    Count(time.GetElapsedTime(started, ended), done);
                else
                    (_errors, _firstError) = (_errors + 1, _firstError ?? error);
            }
        }

        private void Count(TimeSpan latency, long done)
        {
            _latencies.Record(latency);
            _done += done;
        }

        private (long Done, string? Error) Ask(HttpConnection connection)
        {
            try
            {
                var answer = connection.Ask(requests.Next());
                return answer.IsGood ? (requests.Done(answer), null) : (0, answer.ToString());
            }
            catch (Exception e) when (e is SocketException or InvalidDataException or ArgumentException or OverflowException) // or what came is no answer
            {
                return (0, e.Message);
            }
        }

        /// <summary>Returns since when the request counts: from when it was due where answers before it were late, so that nothing is left out.</summary>
        private long WaitUntil(long due, CancellationToken cancellationToken)
        {
            var wait = time.GetElapsedTime(time.GetTimestamp(), due);
            if (wait <= TimeSpan.Zero)
                return due;
            cancellationToken.WaitHandle.WaitOne(wait); // to about a millisecond
            return time.GetTimestamp();
        }
    }
}
