using ProfileService.Model;
using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>The vector whose nearest users are searched.</summary>
/// <param name="Bytes">[D] float32, little-endian, unit length or all zeros.</param>
/// <param name="UserId">The user whose vector it is, who is not found; empty if it is not a user's.</param>
internal sealed record QueryVector(VectorSpace Space, byte[] Bytes, string UserId = "")
{
    /// <param name="model">The model of the profile, whose digest may be the former one.</param>
    public static QueryVector Of(Profile profile, ModelStamp model) =>
        new(new VectorSpace(model, profile.Dimension), profile.Vector, profile.UserId);
}
