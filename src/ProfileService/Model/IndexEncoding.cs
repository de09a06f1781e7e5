using System.Text;
using ProfileService.Platform;

namespace ProfileService.Model;

/// <summary>
/// Encodes a value as an index: 0 is padding, 1 is unknown, values start at 2 (docs/model-package.md). Values are UTF-8, as in windows.
/// </summary>
internal abstract class IndexEncoding
{
    public const long Padding = 0;
    public const long Unknown = 1;
    public const long First = 2;

    private static readonly string[] OptionalInputs = ["kinds", "categories", "gaps"];

    /// <summary>Index for an event without a value.</summary>
    public virtual long Missing => Unknown;

    public abstract long IndexOf(ReadOnlySpan<byte> value);

    public long IndexOf(string value) => IndexOf(Encoding.UTF8.GetBytes(value));

    /// <param name="name">Name of the input, for error messages.</param>
    /// <param name="vocabulary">The input's part of <c>vocabulary.json</c>; null if there is none.</param>
    /// <exception cref="PackageRefusedException">The manifest declares an invalid encoding.</exception>
    public static IndexEncoding Create(
        string name, EncodingManifest manifest, IReadOnlyDictionary<string, long>? vocabulary)
    {
        return manifest switch
        {
            { Encoding: "hash", Buckets: > 0 } => new HashEncoding(manifest.Buckets.Value),
            { Encoding: "list", Values: { } values } =>
                new VocabularyEncoding(values.Index().ToDictionary(v => v.Item, v => v.Index + First)),
            { Encoding: "buckets", Bounds: { } bounds } when BucketEncoding.AreAscending(bounds) => new BucketEncoding([.. bounds]),
            { Encoding: "vocabulary", Size: { } size } when vocabulary is not null => VocabularyEncoding.Checked(name, vocabulary, size),
            { Encoding: "none" } when OptionalInputs.Contains(name) => new NoEncoding(),
            { Encoding: "none" } => throw new PackageRefusedException(
                ModelManifest.FileName, $"inputs.{name}: encoding none is for kinds, categories, gaps and values only."),
            { Encoding: "vocabulary" } => throw new PackageRefusedException(
                Vocabulary.FileName, $"it contains nothing for {name}, whose encoding is vocabulary."),
            _ => throw new PackageRefusedException(
                ModelManifest.FileName, $"inputs.{name}: encoding '{manifest.Encoding}' is unknown or lacks a member."),
        };
    }
}

/// <summary>The input is not used by the model: every event gets padding.</summary>
internal sealed class NoEncoding : IndexEncoding
{
    public override long Missing => Padding;

    public override long IndexOf(ReadOnlySpan<byte> value) => Padding;
}

/// <summary>Hashes any value to one of a fixed number of buckets.</summary>
internal sealed class HashEncoding(ulong buckets) : IndexEncoding
{
    public override long IndexOf(ReadOnlySpan<byte> value) => First + (long)(StableHash.Of(value) % buckets);
}

/// <summary>Looks known values up; other values are unknown.</summary>
internal sealed class VocabularyEncoding : IndexEncoding
{
    private const int StackChars = 256;

    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _indices;

    public VocabularyEncoding(IReadOnlyDictionary<string, long> indices) =>
        _indices = (indices as Dictionary<string, long> ?? new(indices)).GetAlternateLookup<ReadOnlySpan<char>>();

    public override long IndexOf(ReadOnlySpan<byte> value)
    {
        // A text never has more characters than bytes.
        Span<char> text = value.Length <= StackChars ? stackalloc char[StackChars] : new char[value.Length];
        return _indices.TryGetValue(text[..Encoding.UTF8.GetChars(value, text)], out var index) ? index : Unknown;
    }

    public static VocabularyEncoding Checked(string name, IReadOnlyDictionary<string, long> indices, int size)
    {
        var seen = new HashSet<long>();
        foreach (var (_, index) in indices)
        {
            if (index < First || index >= First + size || !seen.Add(index))
            {
                throw new PackageRefusedException(
                    Vocabulary.FileName, $"{name}: index {index} is used twice or is outside 2 to {size + 1}.");
            }
        }

        return new VocabularyEncoding(indices);
    }
}
