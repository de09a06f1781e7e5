using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProfileService.Model;

/// <summary>
/// Identifies a package by content, so that packages with equal name and version can be told apart. Packages with equal stamps compute
/// equal vectors.
/// </summary>
/// <param name="Id">Name and version.</param>
/// <param name="Digest">Hash of everything that determines a vector: encodings, graph, vocabulary. Hexadecimal.</param>
/// <param name="LegacyDigest">
/// Digest of the same package in older versions of the service: the sha256 of its graph; null if unknown.
/// </param>
internal sealed record ModelStamp(string Id, string Digest, string? LegacyDigest = null)
{
    private const int DigestBytes = 8;

    // A setting that a newer service introduces does not change the stamp of packages without it.
    private static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    // Files that do not affect vectors.
    private static readonly string[] WithoutEffect =
        [GoldenSamples.FileName, ItemVectors.FileName, ItemNeighbours.FileName, ItemLikings.FileName];

    public static ModelStamp Of(ModelManifest manifest)
    {
        var files = manifest.Files.Where(f => !WithoutEffect.Contains(f.Key))
            .OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} {f.Value}");
        var inputs = JsonSerializer.Serialize(manifest.Inputs, WithoutNulls);
        var text = string.Join('\n', [inputs, $"{manifest.MaxEvents} {manifest.Dimension}", .. files]);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, DigestBytes);
        return new ModelStamp(manifest.Id, Convert.ToHexStringLower(digest), manifest.Files[ModelPackage.GraphFile]);
    }

    /// <summary>Parses the result of <see cref="ToString"/>.</summary>
    public static ModelStamp Parse(string text) => text.Split('@') is [var id, var digest] ? new(id, digest) : new(text, "");

    /// <summary>Whether a stored id and digest identify this package.</summary>
    public bool Is(string id, string digest) => id == Id && (digest == Digest || digest == LegacyDigest);

    public bool Is(ModelStamp other) => Is(other.Id, other.Digest);

    /// <summary>The former digest says how the package was stored before, not which one it is.</summary>
    public bool Equals(ModelStamp? other) => other is not null && Id == other.Id && Digest == other.Digest;

    public override int GetHashCode() => HashCode.Combine(Id, Digest);

    public override string ToString() => $"{Id}@{Digest}";
}
