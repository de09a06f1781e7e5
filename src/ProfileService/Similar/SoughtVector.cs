using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>The vector whose nearest users are searched.</summary>
/// <param name="Bytes">[D] float32, little-endian, unit length or all zeros.</param>
/// <param name="UserId">The user whose vector it is, who is not found; empty if it is not a user's.</param>
internal sealed record SoughtVector(VectorSpace Space, byte[] Bytes, string UserId = "")
{
    public static SoughtVector Of(Profile profile) => new(profile.Space, profile.Vector, profile.UserId);
}
