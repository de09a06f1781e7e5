using System.Globalization;
using System.Text;

namespace ProfileService.Cli.Load;

/// <summary>
/// Event requests of one connection, which has users of its own. The bodies are written before the measurement; before each request only
/// the timestamps are updated, so that every event is new and the newest of its user. Where a request has more events than there are users,
/// each round through the users has a time of its own.
/// </summary>
internal sealed class EventRequests : IRequestSource
{
    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const string Placeholder = "0000-00-00T00:00:00.000Z";

    private readonly List<(byte[] Bytes, int[] TimesAt)> _requests = [];
    private readonly TimeProvider _time;
    private readonly int _users;
    private DateTimeOffset _last;
    private int _next;

    /// <param name="batchSize">Events per request.</param>
    /// <param name="contentType">JSON for an array, or NDJSON.</param>
    /// <param name="more">What each event has beside, as JSON that begins with a comma; empty for nothing.</param>
    public EventRequests(
        Uri server, IReadOnlyList<string> users, int batchSize, string contentType, TimeProvider time, string more = "")
    {
        (_time, _users) = (time, users.Count);
        var random = new Random(users.Count);
        for (var first = 0; first < Math.Max(1, users.Count - batchSize + 1); first += batchSize)
        {
            var events = Enumerable.Range(first, batchSize).Select(i => LoadEvents.Json(users[i % users.Count], Placeholder, random))
                .Select(e => $"{e[..^1]}{more}}}");
            var body = contentType == HttpRequest.Ndjson ? string.Join('\n', events) : $"[{string.Join(',', events)}]";
            var bytes = HttpRequest.Post(server, "/v1/events", HttpRequest.Json, contentType, body);
            _requests.Add((bytes, [.. PositionsOf(bytes)]));
        }
    }

    public ReadOnlySpan<byte> Next()
    {
        if (_next == _requests.Count)
            _next = 0;
        var (bytes, timesAt) = _requests[_next++];
        Span<byte> text = stackalloc byte[Placeholder.Length];
        for (var i = 0; i < timesAt.Length; i++)
        {
            if (i % _users == 0)
                NextTime().TryFormat(text, out _, Time, CultureInfo.InvariantCulture);
            text.CopyTo(bytes.AsSpan(timesAt[i]));
        }

        return bytes;
    }

    public long CountDone(HttpAnswer answer) => answer.NumberIn("\"accepted\""u8);

    // Whole milliseconds, as clients send them. Each time is unique, because an equal time would be the same event.
    private DateTimeOffset NextTime()
    {
        var (now, next) = (_time.GetUtcNow(), _last.AddMilliseconds(1));
        return _last = now > next ? now : next;
    }

    private static IEnumerable<int> PositionsOf(byte[] bytes)
    {
        var placeholder = Encoding.ASCII.GetBytes(Placeholder);
        for (var at = bytes.AsSpan().IndexOf(placeholder); at >= 0;)
        {
            yield return at;
            var next = bytes.AsSpan(at + placeholder.Length).IndexOf(placeholder);
            at = next < 0 ? -1 : at + placeholder.Length + next;
        }
    }
}
