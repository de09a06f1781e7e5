namespace ProfileService.Model;

/// <summary><c>vocabulary.json</c>: value → index for each input that is encoded so.</summary>
internal sealed record Vocabulary(
    IReadOnlyDictionary<string, long>? Items = null,
    IReadOnlyDictionary<string, long>? Categories = null,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>>? Attributes = null)
{
    public const string FileName = "vocabulary.json";
}
