using System.Globalization;
using System.Net;
using System.Text;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks;

/// <summary>
/// Sends one event at a time, each for the next of its users, and asks for the profile until it is another: from the first byte of the event
/// to the first answer with the new vector. Anyone can do the same with two requests.
/// </summary>
internal sealed class FreshnessProbe(IPEndPoint server, Uri url, IReadOnlyList<string> users)
{
    private const int MostAsked = 5_000; // for one event

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);
    private static readonly TimeProvider Time = TimeProvider.System;

    /// <summary>Probes for a span, several side by side, each of users of its own.</summary>
    /// <param name="pause">The longest pause of one between two events; each is a random part of it.</param>
    public LatencyHistogram Run(int sideBySide, TimeSpan pause, TimeSpan span, CancellationToken cancellationToken)
    {
        var end = Time.GetTimestamp() + (long)(span.TotalSeconds * Time.TimestampFrequency);
        var all = new LatencyHistogram();
        var lanes = Enumerable.Range(0, sideBySide).Select(lane => Task.Factory.StartNew(
            () => RunLane(lane, [.. users.Where((_, i) => i % sideBySide == lane)], pause, end, cancellationToken),
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(lanes, cancellationToken);
        foreach (var lane in lanes)
            all.Add(lane.Result);
        return all;
    }

    private LatencyHistogram RunLane(int lane, string[] own, TimeSpan pause, long end, CancellationToken cancellationToken)
    {
        var (latencies, random) = (new LatencyHistogram(), new Random(lane));
        using var connection = new HttpConnection(server);
        for (var i = 0; Time.GetTimestamp() < end; i = (i + 1) % own.Length)
        {
            cancellationToken.WaitHandle.WaitOne(pause * random.NextDouble());
            latencies.Record(Probe(connection, own[i], random, cancellationToken));
        }

        return latencies;
    }

    private TimeSpan Probe(HttpConnection connection, string user, Random random, CancellationToken cancellationToken)
    {
        var lookup = HttpRequest.Get(url, $"/v1/users/{user}/profile", HttpRequest.Binary);
        var before = TagOf(connection.Send(lookup));
        var timestamp = Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        var post = HttpRequest.Post(url, "/v1/events", HttpRequest.Json, HttpRequest.Json, LoadEvents.Json(user, timestamp, random));

        var started = Time.GetTimestamp();
        if (connection.Send(post) is { Status: not 202 } refused)
            throw new InvalidOperationException($"An event was answered {refused}.");
        for (var asked = 0; asked < MostAsked; asked++)
        {
            if (TagOf(connection.Send(lookup)) != before)
                return Time.GetElapsedTime(started);
            cancellationToken.ThrowIfCancellationRequested();
            cancellationToken.WaitHandle.WaitOne(BetweenLooks);
        }

        throw new InvalidOperationException($"The profile of {user} did not change.");
    }

    private static string TagOf(HttpAnswer answer) => answer.Status == 200
        ? Encoding.ASCII.GetString(answer.Header("ETag"u8))
        : throw new InvalidOperationException($"A lookup was answered {answer}.");
}
