using System.Net.Mime;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>The two forms of a profile, of which a client chooses one by Accept.</summary>
internal static class ProfileFormat
{
    public const string Json = MediaTypeNames.Application.Json;

    /// <summary>Little-endian float32.</summary>
    public const string Bytes = MediaTypeNames.Application.Octet;

    /// <summary>Whether the client prefers bytes to JSON.</summary>
    public static bool PrefersBytes(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.Count > 0 && accept.ToString() switch
        {
            Bytes => true,
            Json or "*/*" => false,
            _ => AcceptHeader.Prefers(request, Bytes, Json),
        };
    }
}
