using ProfileService.Model;

namespace ProfileService.Storage;

/// <summary>Identifies the vectors that can be compared with each other: those of one model.</summary>
internal sealed record VectorSpace(ModelStamp Model, int Dimension)
{
    public static VectorSpace Of(ActiveModel model) => new(model.Stamp with { LegacyDigest = null }, model.Manifest.Dimension);
}
