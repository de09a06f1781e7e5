using System.Text.Json;
using System.Text.Json.Serialization;
using ProfileService.Model;

namespace ProfileService.Sentiment;

/// <summary><c>manifest.json</c> of a sentiment package (docs/sentiment.md).</summary>
internal sealed record SentimentManifest(
    string Name,
    string Version,
    string Kind,
    TokenizerManifest Tokenizer,
    int MaxTokens,
    JsonElement? Metrics,
    IReadOnlyDictionary<string, string> Files)
{
    public const string SentimentKind = "sentiment";

    /// <summary>Name and version.</summary>
    [JsonIgnore]
    public string Id => $"{Name}/{Version}";

    /// <summary>What is wrong, or null.</summary>
    public string? Problem() => this switch
    {
        { Kind: not SentimentKind } => $"kind must be {SentimentKind}: Model:SentimentPackage must name the folder of a sentiment package.",
        _ when !PackageFiles.IsName(Name) => "name must be 1 to 64 letters, digits, dots, dashes or underscores.",
        _ when !PackageFiles.IsName(Version) => "version must be 1 to 64 letters, digits, dots, dashes or underscores.",
        { Tokenizer: null } => "tokenizer is missing.",
        _ when Tokenizer.Problem() is { } problem => $"tokenizer.{problem}",
        _ when MaxTokens != Tokenizer.Units * TextTokenizer.Slots => $"maxTokens must be {TextTokenizer.Slots} times tokenizer.units.",
        { Files: null } => "files is missing.",
        _ => null,
    };
}

/// <summary>How a text becomes tokens.</summary>
/// <param name="Encoding">How a gram becomes an index: hash.</param>
/// <param name="Buckets">That grams are hashed into; tokens are 1 to this.</param>
/// <param name="Units">Of a text at most; of a longer one the first and the last half of so many count.</param>
/// <param name="LongestGram">Units of the longest gram: 2 or 3.</param>
/// <param name="LongestWord">Characters of a word that count.</param>
/// <param name="LongestRun">Times that the same unit counts in a row.</param>
/// <param name="Stem">Characters of a word's beginning.</param>
internal sealed record TokenizerManifest(string Encoding, int Buckets, int Units, int LongestGram, int LongestWord, int LongestRun, int Stem)
{
    public string? Problem() => this switch
    {
        { Encoding: not "hash" } => "encoding must be hash.",
        { Buckets: < 1 or > 1 << 24 } => "buckets must be 1 to 16,777,216.",
        { Units: < 2 or > 4_096 } => "units must be 2 to 4,096.",
        { LongestGram: not (2 or 3) } => "longestGram must be 2 or 3.",
        { LongestWord: < 1 or > 64 } => "longestWord must be 1 to 64.",
        { LongestRun: < 1 or > 64 } => "longestRun must be 1 to 64.",
        { Stem: < 2 or > 64 } => "stem must be 2 to 64.",
        _ => null,
    };
}
