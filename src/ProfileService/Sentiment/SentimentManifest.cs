using System.Text.Json;
using System.Text.Json.Serialization;
using ProfileService.Model;

namespace ProfileService.Sentiment;

/// <summary><c>manifest.json</c> of a sentiment package (docs/sentiment.md).</summary>
/// <param name="LeastOpinion">
/// Least value of the graph's output <c>opinion</c> at which a text has a score; null if the graph has no such output: then every text with
/// tokens has a score.
/// </param>
internal sealed record SentimentManifest(
    string Name,
    string Version,
    string Kind,
    TokenizerManifest Tokenizer,
    int MaxTokens,
    float? LeastOpinion,
    JsonElement? Metrics,
    IReadOnlyDictionary<string, string> Files)
{
    public const string SentimentKind = "sentiment";

    /// <summary>Name and version.</summary>
    [JsonIgnore]
    public string Id => $"{Name}/{Version}";

    /// <summary>Returns the first problem; null if there is none.</summary>
    public string? Problem() => this switch
    {
        { Kind: not SentimentKind } => $"kind must be {SentimentKind}: Model:SentimentPackage must name the folder of a sentiment package.",
        _ when !PackageFiles.IsName(Name) => $"name {PackageFiles.NameRule}",
        _ when !PackageFiles.IsName(Version) => $"version {PackageFiles.NameRule}",
        { Tokenizer: null } => "tokenizer is missing.",
        _ when Tokenizer.Problem() is { } problem => $"tokenizer.{problem}",
        _ when MaxTokens != Tokenizer.Units * TextTokenizer.Slots => $"maxTokens must be {TextTokenizer.Slots} times tokenizer.units.",
        { LeastOpinion: <= 0 or > 1 or float.NaN } => "leastOpinion must be above 0, and at most 1.",
        { Files: null } => "files is missing.",
        _ => null,
    };
}

/// <summary>How a text becomes tokens. A unit is a word of an alphabetic script, or a single other character.</summary>
/// <param name="Encoding">How n-grams become tokens: hash.</param>
/// <param name="Buckets">Number of hash buckets; tokens are 1 to this number.</param>
/// <param name="Units">Maximum number of units. From a longer text, half of them are taken from the start and half from the end.</param>
/// <param name="LongestGram">Units of the longest n-gram: 2 or 3.</param>
/// <param name="LongestWord">Maximum number of characters of a word; the rest is cut off.</param>
/// <param name="LongestRun">Maximum number of equal units in a row; the rest is dropped.</param>
/// <param name="Stem">Number of characters of a word's prefix that make a token of their own.</param>
internal sealed record TokenizerManifest(
    string Encoding, int Buckets, int Units, int LongestGram, int LongestWord, int LongestRun, int Stem)
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
