using System.Net;
using System.Net.Sockets;
using ProfileService.Benchmarks.Load;
using ProfileService.Cli.Load;
using ProfileService.Platform;

namespace ProfileService.Benchmarks.LongRuns;

/// <summary>A load that goes on whatever is answered, unlike that of <see cref="BenchLoad"/>: a refused client does not wait before it asks for the next thing.</summary>
internal static class OverloadRun
{
    private const int StackBytes = 256 << 10;

    /// <param name="rate">Requests a second of all connections together; what a connection is late with it sends at once.</param>
    public static OverloadResult Run(IPEndPoint server, Func<int, IRequestSource> source, int connections, TimeSpan span, double? rate, CancellationToken cancellationToken)
    {
        var lanes = Enumerable.Range(0, connections).Select(i => new Lane(server, source(i), connections / rate)).ToList();
        var threads = lanes.ConvertAll(lane => new Thread(() => lane.Run(span, cancellationToken), StackBytes) { IsBackground = true });
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        cancellationToken.ThrowIfCancellationRequested();
        var result = new OverloadResult(span);
        lanes.ForEach(lane => result.Add(lane.Result));
        return result;
    }

    /// <param name="step">Seconds from one request to the next; null for none.</param>
    private sealed class Lane(IPEndPoint server, IRequestSource requests, double? step)
    {
        public OverloadResult Result { get; } = new(TimeSpan.Zero);

        public void Run(TimeSpan span, CancellationToken cancellationToken)
        {
            using var connection = new HttpConnection(server);
            var (time, started) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
            for (var i = 0L; time.GetElapsedTime(started) < span && !cancellationToken.IsCancellationRequested; i++)
            {
                var early = TimeSpan.FromSeconds(i * (step ?? 0)) - time.GetElapsedTime(started);
                if (early > TimeSpan.Zero)
                    cancellationToken.WaitHandle.WaitOne(early);
                Ask(connection, time);
            }
        }

        private void Ask(HttpConnection connection, TimeProvider time)
        {
            var sent = time.GetTimestamp();
            try
            {
                var answer = connection.Send(requests.Next());
                if (answer.IsGood)
                    Result.Good++;
                else if (answer.Status == (int)HttpStatusCode.ServiceUnavailable && !answer.Header("Retry-After"u8).IsEmpty)
                    Result.Refused.Record(time.GetElapsedTime(sent));
                else
                    Result.Fail(answer.ToString());
            }
            catch (Exception e) when (e is SocketException or InvalidDataException)
            {
                Result.Fail(e.Message);
            }
        }
    }
}

/// <summary>What became of the requests.</summary>
internal sealed class OverloadResult(TimeSpan span)
{
    public long Good { get; set; }

    public double GoodPerSecond => Good / span.TotalSeconds;

    /// <summary>How long it took to be told 503 with Retry-After.</summary>
    public LatencyHistogram Refused { get; } = new();

    /// <summary>Answered otherwise, or not at all.</summary>
    public long Failed { get; private set; }

    public string? FirstFailure { get; private set; }

    public void Fail(string reason) => (Failed, FirstFailure) = (Failed + 1, FirstFailure ?? reason);

    public void Add(OverloadResult other)
    {
        Good += other.Good;
        Refused.Add(other.Refused);
        (Failed, FirstFailure) = (Failed + other.Failed, FirstFailure ?? other.FirstFailure);
    }
}
