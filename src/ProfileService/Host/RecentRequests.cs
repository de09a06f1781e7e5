using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;

namespace ProfileService.Host;

/// <summary>
/// Requests that ended in the current minute and the four before it, counted from the start of the process. What it holds is bounded by
/// minutes and tags, not by requests.
/// </summary>
internal sealed class RecentRequests(TimeProvider time)
{
    private const int Minutes = 5;

    private readonly long _start = time.GetTimestamp();
    private readonly Minute?[] _minutes = new Minute?[Minutes]; // each at its number modulo Minutes

    private TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <param name="tag">Tag of the route, one of few.</param>
    /// <param name="duration">Null if it says nothing of the service.</param>
    public void Record(string tag, int status, TimeSpan? duration) =>
        MinuteOf((long)Elapsed.TotalMinutes).Tags.GetOrAdd(tag, static _ => new RequestCounts()).Record(status, duration);

    public HttpRequests Read()
    {
        var elapsed = Elapsed;
        var first = Math.Max(0, (long)elapsed.TotalMinutes - Minutes + 1);
        var seconds = (elapsed - TimeSpan.FromMinutes(first)).TotalSeconds;
        var counts = _minutes.OfType<Minute>().Where(minute => minute.Number >= first).SelectMany(minute => minute.Tags).ToList();
        return new HttpRequests(
            Math.Round(seconds, 1),
            Sum(counts).Summarize(null, seconds),
            [.. counts.GroupBy(pair => pair.Key).OrderBy(tag => tag.Key).Select(tag => Sum(tag).Summarize(tag.Key, seconds))]);
    }

    private static RequestCounts Sum(IEnumerable<KeyValuePair<string, RequestCounts>> counts) =>
        counts.Aggregate(new RequestCounts(), (sum, pair) => sum.Add(pair.Value));

    private Minute MinuteOf(long number)
    {
        ref var slot = ref _minutes[number % Minutes];
        while (true)
        {
            var found = Volatile.Read(ref slot);
            if (found?.Number >= number) // greater if another thread was quicker by five minutes
                return found;
            Interlocked.CompareExchange(ref slot, new Minute(number), found);
        }
    }

    private sealed class Minute(long number)
    {
        public long Number => number;

        public ConcurrentDictionary<string, RequestCounts> Tags { get; } = new();
    }
}

/// <summary>
/// Requests to routes of the API that this process answered in this minute and the four before it, as the metric
/// <c>http.server.request.duration</c> has them. Each counts in the minute in which it ended; refusals count, too.
/// </summary>
/// <param name="Seconds">Length of that time: 240 to 300, or since the start of the process.</param>
/// <param name="Total">Requests of all routes.</param>
/// <param name="Tags">By the tag of the route in this description, in alphabetical order; a tag without requests is left out.</param>
internal sealed record HttpRequests(
    [Range(0d, double.PositiveInfinity)] double Seconds, HttpRequestSummary Total, IReadOnlyList<HttpRequestSummary> Tags);

/// <summary>What became of requests, and how long they took.</summary>
/// <param name="Tag">Tag of the routes; left out for all.</param>
/// <param name="Requests">Number of requests.</param>
/// <param name="RequestsPerSecond">On average over the time.</param>
/// <param name="ClientErrors">Answers with a status of 400 to 499.</param>
/// <param name="ServerErrors">Answers with a status of 500 or more.</param>
/// <param name="P50Milliseconds">
/// Median of the durations, within 3 %. Streams of changes and exports have none, because they last as long as their reader wants; left
/// out if no request has one.
/// </param>
/// <param name="P99Milliseconds">99th percentile of the same.</param>
internal sealed record HttpRequestSummary(
    string? Tag,
    long Requests,
    [Range(0d, double.PositiveInfinity)] double RequestsPerSecond,
    long ClientErrors,
    long ServerErrors,
    [Range(0d, double.PositiveInfinity)] double? P50Milliseconds,
    [Range(0d, double.PositiveInfinity)] double? P99Milliseconds);
