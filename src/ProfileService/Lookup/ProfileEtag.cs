using System.Runtime.InteropServices;
using Microsoft.Net.Http.Headers;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>
/// The entity tag of a profile: model stamp, revision, and a checksum of vector and dimensions. A profile may be computed again at its
/// revision, after a rollback for example, and differ then, because items have changed. Weak, because the age in the body changes.
/// </summary>
internal static class ProfileEtag
{
    public static string Of(Profile profile) => $"W/\"{profile.Stamp}-{profile.Revision}-{SumOf(profile):x8}\"";

    /// <summary>Whether the client says that it has this profile already.</summary>
    public static bool IsKnownTo(HttpRequest request, string tag)
    {
        var known = request.Headers.IfNoneMatch;
        return known.Count > 0 && ((known.Count == 1 && known[0] == tag) || IsAmongMany(request, tag));
    }

    private static uint SumOf(Profile profile) =>
        Crc32C.Of(MemoryMarshal.AsBytes(profile.Dimensions.AsSpan()), Crc32C.Of(profile.Vector));

    private static bool IsAmongMany(HttpRequest request, string tag)
    {
        var own = EntityTagHeaderValue.Parse(tag);
        return request.GetTypedHeaders().IfNoneMatch
            .Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(own, useStrongComparison: false));
    }
}

/// <summary>Response 304.</summary>
internal sealed class NotModified : IResult
{
    public static readonly NotModified Answer = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }
}
