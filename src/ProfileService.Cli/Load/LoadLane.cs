using System.Net;
using System.Net.Sockets;
using ProfileService.Platform;

namespace ProfileService.Cli.Load;

/// <summary>
/// One connection of a run. In a closed loop it sends the next request when it has the last response, and counts responses that arrive
/// within the measured time. In an open loop it counts requests that are scheduled within it, whenever their responses arrive.
/// </summary>
/// <param name="begin">Start of the measured time, as a timestamp.</param>
/// <param name="arrivals">Schedule of an open loop; null for a closed one.</param>
internal sealed class LoadLane(IPEndPoint server, IRequestSource requests, TimeProvider time, long begin, long end, Arrivals? arrivals)
{
    private static readonly TimeSpan AfterError = TimeSpan.FromMilliseconds(10); // pause, so that an unavailable service is not flooded

    private readonly LatencyHistogram _latencies = new();
    private long _done;
    private long _errors;
    private long _scheduled;
    private long _unsent;
    private string? _firstError;

    public LoadResult Result(TimeSpan duration) => new(duration, _latencies, _done, _errors, _firstError, _scheduled, _unsent);

    public void Run(CancellationToken cancellationToken)
    {
        using var connection = new HttpConnection(server);
        if (arrivals is null)
            RunClosed(connection, cancellationToken);
        else
            RunOpen(connection, arrivals, cancellationToken);
    }

    private void RunClosed(HttpConnection connection, CancellationToken cancellationToken)
    {
        while (time.GetTimestamp() is var started && started < end && !cancellationToken.IsCancellationRequested)
        {
            var (done, error) = Send(connection);
            var ended = time.GetTimestamp();
            if (error is not null && ended < end)
                cancellationToken.WaitHandle.WaitOne(AfterError);
            if (ended >= begin && ended <= end)
                Count(time.GetElapsedTime(started, ended), done, error);
        }
    }

    private void RunOpen(HttpConnection connection, Arrivals schedule, CancellationToken cancellationToken)
    {
        while (schedule.Next() is var due && due < end && !cancellationToken.IsCancellationRequested)
        {
            var counts = due >= begin ? 1 : 0;
            _scheduled += counts;
            var started = schedule.WaitUntil(due, cancellationToken);
            if (time.GetTimestamp() >= end)
            {
                _unsent += counts;
                continue;
            }

            var (done, error) = Send(connection);
            if (counts > 0)
                Count(time.GetElapsedTime(started), done, error);
        }
    }

    private void Count(TimeSpan latency, long done, string? error)
    {
        if (error is null)
        {
            _latencies.Record(latency);
            _done += done;
        }
        else
        {
            (_errors, _firstError) = (_errors + 1, _firstError ?? error);
        }
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
}
