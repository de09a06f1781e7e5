using System.Globalization;
using Microsoft.Net.Http.Headers;
using ProfileService.Profiles;

namespace ProfileService.Lookup;

/// <summary>Profiles as <c>application/octet-stream</c>: little-endian float32, the rest in headers.</summary>
internal static class BinaryProfiles
{
    public const string ContentType = "application/octet-stream";

    /// <summary>Whether the client prefers bytes to JSON.</summary>
    public static bool AreWanted(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf(ContentType) is { } binary && binary > 0
            && binary >= (QualityOf("application/json") ?? QualityOf("application/*") ?? QualityOf("*/*") ?? 0);

        double? QualityOf(string type) =>
            accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Max(a => (double?)(a.Quality ?? 1));
    }

    public static void SetHeaders(IHeaderDictionary headers, ReadProfile read, DateTimeOffset now)
    {
        var profile = read.Profile!;
        var freshness = FreshnessResponse.From(read, now);
        Set("Dimension", profile.Vector.Length / sizeof(float));
        Set("Model", profile.Model);
        Set("Revision", profile.Revision);
        Set("Event-Count", profile.EventCount);
        Set("Computed-At", freshness.ComputedAt.ToString("O", CultureInfo.InvariantCulture));
        Set("Events-Through", freshness.EventsThrough.ToString("O", CultureInfo.InvariantCulture));
        Set("Age-Seconds", freshness.AgeSeconds);
        Set("Pending-Events", freshness.PendingEvents);
        Set("Stale", freshness.Stale ? "true" : "false");

        void Set(string name, IConvertible value) => headers[$"X-Profile-{name}"] = value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>[users, dimension] in the order asked; the row of a user without profile is all NaN.</summary>
    public static byte[] Matrix(IReadOnlyList<ReadProfile> reads, int dimension)
    {
        var missing = VectorBytes.From([.. Enumerable.Repeat(float.NaN, dimension)]);
        var matrix = new byte[reads.Count * missing.Length];
        foreach (var (row, read) in reads.Index())
            (read.Profile?.Vector ?? missing).CopyTo(matrix, row * missing.Length);
        return matrix;
    }

    public static void Vary(HttpResponse response) => response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
}
