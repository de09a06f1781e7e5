namespace ProfileService.Model;

/// <summary><c>vocabulary.json</c>: value → index, for each input with the encoding <c>vocabulary</c>.</summary>
internal sealed record Vocabulary(
    IReadOnlyDictionary<string, long>? Items = null,
    IReadOnlyDictionary<string, long>? Categories = null,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>>? Attributes = null)
{
    public const string FileName = "vocabulary.json";
}
