using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace ProfileService.Lookup;

/// <summary>Profiles as <c>application/octet-stream</c>: little-endian float32, the rest in headers.</summary>
internal static class BinaryProfiles
{
    public const string ContentType = "application/octet-stream";

    private const string Json = "application/json";
    private const string Anything = "*/*";

    /// <summary>Whether the client prefers bytes to JSON.</summary>
    public static bool AreWanted(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.Count > 0 && accept.ToString() switch
        {
            ContentType => true,
            Json or Anything => false,
            _ => ArePreferred(request),
        };
    }

    public static void SetHeaders(IHeaderDictionary headers, in ReadProfile read, DateTimeOffset now)
    {
        var known = read.Known!;
        headers["X-Profile-Dimension"] = known.Dimension;
        headers["X-Profile-Model"] = known.Profile.Model;
        headers["X-Profile-Revision"] = known.Revision;
        headers["X-Profile-Event-Count"] = known.EventCount;
        headers["X-Profile-Computed-At"] = known.ComputedAt;
        headers["X-Profile-Confidence"] = known.Confidence;
        if (known.Profile.EventCount > 0)
            headers["X-Profile-Events-Through"] = known.EventsThrough;
        headers["X-Profile-Age-Seconds"] = read.AgeSeconds(now).ToString(CultureInfo.InvariantCulture);
        headers["X-Profile-Pending-Events"] = read.PendingEvents.ToString(CultureInfo.InvariantCulture);
        headers["X-Profile-Stale"] = read.IsStale ? "true" : "false";
    }

    /// <summary>The rows of [users, dimension] in the order asked; that of a user without profile is all NaN.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Rows(IReadOnlyList<ReadProfile> reads, int dimension)
    {
        byte[]? none = null;
        foreach (var read in reads)
            yield return read.Known?.Profile.Vector is { } vector && vector.Length == dimension * sizeof(float) ? vector : none ??= NaN(dimension);
    }

    public static void Vary(HttpResponse response) => response.Headers.Vary = HeaderNames.Accept;

    private static bool ArePreferred(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf(ContentType) is { } binary && binary > 0
            && binary >= (QualityOf(Json) ?? QualityOf("application/*") ?? QualityOf(Anything) ?? 0);

        double? QualityOf(string type) =>
            accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Max(a => (double?)(a.Quality ?? 1));
    }

    private static byte[] NaN(int dimension)
    {
        var row = new byte[dimension * sizeof(float)];
        for (var at = 0; at < row.Length; at += sizeof(float))
            BinaryPrimitives.WriteSingleLittleEndian(row.AsSpan(at), float.NaN);
        return row;
    }
}
