using ProfileService.Model;

namespace ProfileService.Storage;

/// <summary>Identifies the vectors that can be compared with each other: those of one model.</summary>
internal sealed record VectorSpace(ModelStamp Model, int Dimension)
{
    public int Bytes => Dimension * sizeof(float);

    public static VectorSpace Of(ActiveModel model) => new(model.Stamp, model.Manifest.Dimension);

    /// <summary>Whether the profile's vector is one of them, also if it was stored under the model's former digest.</summary>
    public bool Has(Profile profile) => profile.Vector.Length == Bytes && Model.Is(profile.Model, profile.Digest);
}
