using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProfileService.Model;

/// <summary>Tells a package from every other, one of the same name and version included: two packages with one stamp compute the same vectors.</summary>
/// <param name="Id">Name and version.</param>
/// <param name="Digest">Of what decides a vector: encodings, graph, vocabulary. Letters and digits.</param>
/// <param name="Former">The digest that services from before this one gave the same package, the sha256 of its graph; null where it is not known.</param>
internal sealed record ModelStamp(string Id, string Digest, string? Former = null)
{
    private const int DigestBytes = 8;

    // A setting that a later service knows and this package does not have changes nothing.
    private static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    // What a package may have anew while its vectors stay the same.
    private static readonly string[] WithoutEffect = [GoldenSamples.FileName, ItemVectors.FileName];

    public static ModelStamp Of(ModelManifest manifest)
    {
        var files = manifest.Files.Where(f => !WithoutEffect.Contains(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} {f.Value}");
        var text = string.Join('\n', [JsonSerializer.Serialize(manifest.Inputs, WithoutNulls), $"{manifest.MaxEvents} {manifest.Dimension}", .. files]);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, DigestBytes);
        return new ModelStamp(manifest.Id, Convert.ToHexStringLower(digest), manifest.Files[ModelPackage.GraphFile]);
    }

    /// <summary>Reads <see cref="ToString"/>.</summary>
    public static ModelStamp Parse(string text) => text.Split('@') is [var id, var digest] ? new(id, digest) : new(text, "");

    /// <summary>Whether this is the package that a stored name and digest stand for.</summary>
    public bool Is(string id, string digest) => id == Id && (digest == Digest || digest == Former);

    public bool Is(ModelStamp other) => Is(other.Id, other.Digest);

    public override string ToString() => $"{Id}@{Digest}";
}
