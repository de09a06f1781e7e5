using System.Net;
using System.Net.Sockets;

namespace ProfileService.Cli.Load;

/// <summary>
/// Sends requests over a number of connections for a time and measures the responses. Each connection has a thread, which sends a request,
/// waits for the response, and sends the next one.
/// </summary>
internal sealed class LoadRun(IPEndPoint server, TimeProvider time)
{
    private const int StackBytes = 256 << 10;

    /// <summary>Runs for the warm-up and the duration. Responses that arrive within the duration are counted.</summary>
    /// <param name="source">Creates the requests of a connection from its number.</param>
    /// <param name="rate">Requests per second of all connections together, evenly spaced; null for as many as possible.</param>
    public LoadResult Run(
        Func<int, IRequestSource> source,
        int connections,
        TimeSpan warmUp,
        TimeSpan duration,
        double? rate,
        CancellationToken cancellationToken)
    {
        var sources = Enumerable.Range(0, connections).Select(source).ToList(); // created before the measurement
        var begin = time.GetTimestamp() + Ticks(warmUp);
        var lanes = sources.Select((requests, i) => new Lane(
            server, requests, time, begin, begin + Ticks(duration), rate is { } perSecond ? PaceOf(perSecond, i) : null)).ToList();
        var threads = lanes.Select(lane => new Thread(() => lane.Run(cancellationToken), StackBytes) { IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        cancellationToken.ThrowIfCancellationRequested();
        return LoadResult.Of(lanes.Select(l => l.Result(duration)));

        Pace PaceOf(double perSecond, int lane) =>
            new(time.GetTimestamp(), time.TimestampFrequency / perSecond * connections, (double)lane / connections);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>Due times of the requests of a lane.</summary>
    /// <param name="Step">Time between two requests, in time stamps.</param>
    /// <param name="Offset">Delay of this lane relative to the first, as a share of a step, so that the lanes alternate.</param>
    private sealed record Pace(long Start, double Step, double Offset)
    {
        public long At(long request) => Start + (long)((request + Offset) * Step);
    }

    private sealed class Lane(IPEndPoint server, IRequestSource requests, TimeProvider time, long begin, long end, Pace? pace)
    {
        private static readonly TimeSpan AfterError = TimeSpan.FromMilliseconds(10); // pause, so that an unavailable service is not flooded

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
                var (done, error) = Send(connection);
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

        private (long Done, string? Error) Send(HttpConnection connection)
        {
            try
            {
                var answer = connection.Send(requests.Next());
                return answer.IsGood ? (requests.CountDone(answer), null) : (0, answer.ToString());
            }
            catch (Exception e) when (e is SocketException or InvalidDataException or ArgumentException or OverflowException)
            {
                return (0, e.Message);
            }
        }

        /// <summary>
        /// Waits until a request is due and returns the start of its latency. If earlier responses were late, that is its due time, so that
        /// the waiting time counts (no coordinated omission).
        /// </summary>
        private long WaitUntil(long due, CancellationToken cancellationToken)
        {
            var wait = time.GetElapsedTime(time.GetTimestamp(), due);
            if (wait <= TimeSpan.Zero)
                return due;
            cancellationToken.WaitHandle.WaitOne(wait); // accurate to about 1 ms
            return time.GetTimestamp();
        }
    }
}
