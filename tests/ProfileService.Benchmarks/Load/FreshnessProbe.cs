using System.Globalization;
using System.Net;
using System.Text;
using ProfileService.Cli.Load;
using ProfileService.Platform;

namespace ProfileService.Benchmarks.Load;

/// <summary>
/// Sends events at random times of an open loop, each for the next of its users, and asks for the profile until it is another: from when
/// the event was to be sent to the first answer with the new vector. Anyone can do the same with two requests. It looks less often the
/// longer it waits, so that the looks are no load of their own where the service is slow.
/// </summary>
internal sealed class FreshnessProbe(IPEndPoint server, Uri url, IReadOnlyList<string> users)
{
    private const int Connections = 32; // more than probes are under way, unless the service hangs
    private const int MaxAsked = 5_000; // for one event

    private const int LooksOfAnAge = 10; // one in a millisecond, later one in a tenth of the time that has passed

    private static readonly TimeSpan MinPollInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeProvider Time = TimeProvider.System;

    /// <summary>Every probe that is due within a span, also those that end after it.</summary>
    /// <param name="perSecond">Mean rate. The times are random, so that they keep step with nothing that the service does.</param>
    public LatencyHistogram Run(double perSecond, TimeSpan span, CancellationToken cancellationToken)
    {
        var arrivals = new Arrivals(Time, perSecond, new Random(1));
        var end = Time.GetTimestamp() + (long)(span.TotalSeconds * Time.TimestampFrequency);
        var all = new LatencyHistogram();
        var lanes = Enumerable.Range(0, Connections).Select(lane => Task.Factory.StartNew(
            () => RunLane([.. users.Where((_, i) => i % Connections == lane)], new Random(lane), arrivals, end, cancellationToken),
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(lanes, cancellationToken);
        foreach (var lane in lanes)
            all.Add(lane.Result);
        return all;
    }

    private LatencyHistogram RunLane(string[] own, Random random, Arrivals arrivals, long end, CancellationToken cancellationToken)
    {
        var latencies = new LatencyHistogram();
        using var connection = new HttpConnection(server);
        for (var i = 0; arrivals.Next() is var due && due < end; i = (i + 1) % own.Length)
            latencies.Record(Probe(connection, own[i], random, () => arrivals.WaitUntil(due, cancellationToken), cancellationToken));
        return latencies;
    }

    private TimeSpan Probe(
        HttpConnection connection, string user, Random random, Func<long> waitUntilDue, CancellationToken cancellationToken)
    {
        var lookup = HttpRequest.Get(url, $"/v1/users/{user}/profile", HttpRequest.Binary);
        var before = TagOf(connection.Send(lookup));
        var started = waitUntilDue();
        var timestamp = Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        var post = HttpRequest.Post(url, "/v1/events", HttpRequest.Json, HttpRequest.Json, LoadEvents.Json(user, timestamp, random));
        if (connection.Send(post) is { Status: not 202 } refused)
            throw new InvalidOperationException($"An event was answered {refused}.");
        for (var asked = 0; asked < MaxAsked; asked++)
        {
            if (TagOf(connection.Send(lookup)) != before)
                return Time.GetElapsedTime(started);
            cancellationToken.ThrowIfCancellationRequested();
            var pause = Time.GetElapsedTime(started) / LooksOfAnAge;
            cancellationToken.WaitHandle.WaitOne(pause > MinPollInterval ? pause : MinPollInterval);
        }

        throw new InvalidOperationException($"The profile of {user} did not change.");
    }

    private static string TagOf(HttpAnswer answer) => answer.Status == 200
        ? Encoding.ASCII.GetString(answer.Header("ETag"u8))
        : throw new InvalidOperationException($"A lookup was answered {answer}.");
}
