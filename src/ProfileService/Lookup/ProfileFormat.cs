using System.Net.Mime;

namespace ProfileService.Lookup;

/// <summary>The two forms of a profile, of which a client chooses one by Accept.</summary>
internal static class ProfileFormat
{
    public const string Json = MediaTypeNames.Application.Json;

    /// <summary>Little-endian float32.</summary>
    public const string Bytes = MediaTypeNames.Application.Octet;

    private const string AnyApplication = "application/*";
    private const string Anything = "*/*";

    /// <summary>Whether the client prefers bytes to JSON.</summary>
    public static bool PrefersBytes(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.Count > 0 && accept.ToString() switch
        {
            Bytes => true,
            Json or Anything => false,
            _ => PrefersBytesByQuality(request),
        };
    }

    private static bool PrefersBytesByQuality(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf(Bytes) is { } bytes && bytes > 0
            && bytes >= (QualityOf(Json) ?? QualityOf(AnyApplication) ?? QualityOf(Anything) ?? 0);

        double? QualityOf(string type) =>
            accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Max(a => (double?)(a.Quality ?? 1));
    }
}
