using System.Globalization;
using System.Text;

namespace ProfileService.Cli.Load;

/// <summary>
/// Events of users that are this connection's alone, the next ones in each request. The bodies are written before the clock runs; of each
/// only the time is set anew, so that every event is a new one and the newest of its user.
/// </summary>
internal sealed class EventRequests : IRequestSource
{
    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const string Placeholder = "0000-00-00T00:00:00.000Z";

    private readonly List<(byte[] Bytes, int[] TimesAt)> _requests = [];
    private readonly TimeProvider _time;
    private DateTimeOffset _last;
    private int _next;

    /// <param name="together">Events of a request.</param>
    /// <param name="contentType">JSON, an array, or NDJSON.</param>
    public EventRequests(Uri server, IReadOnlyList<string> users, int together, string contentType, TimeProvider time)
    {
        _time = time;
        var random = new Random(users.Count);
        for (var first = 0; first < Math.Max(1, users.Count - together + 1); first += together)
        {
            var events = Enumerable.Range(first, together).Select(i => LoadEvents.Json(users[i % users.Count], Placeholder, random));
            var body = contentType == HttpRequest.Ndjson ? string.Join('\n', events) : $"[{string.Join(',', events)}]";
            var bytes = HttpRequest.Post(server, "/v1/events", HttpRequest.Json, contentType, body);
            _requests.Add((bytes, [.. PlacesOf(bytes)]));
        }
    }

    public ReadOnlySpan<byte> Next()
    {
        if (_next == _requests.Count)
            _next = 0;
        var (bytes, timesAt) = _requests[_next++];
        Span<byte> text = stackalloc byte[Placeholder.Length];
        NextTime().TryFormat(text, out _, Time, CultureInfo.InvariantCulture);
        foreach (var at in timesAt)
            text.CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    public long Done(HttpAnswer answer) => answer.NumberIn("\"accepted\""u8);

    // Whole milliseconds, as clients send them; never the same twice, for that would be the same event.
    private DateTimeOffset NextTime()
    {
        var (now, next) = (_time.GetUtcNow(), _last.AddMilliseconds(1));
        return _last = now > next ? now : next;
    }

    private static IEnumerable<int> PlacesOf(byte[] bytes)
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
