using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProfileService.Model;

/// <summary><c>manifest.json</c> of a model package (docs/model-package.md).</summary>
internal sealed record ModelManifest(
    string Name,
    string Version,
    int Dimension,
    int MaxEvents,
    ModelInputsManifest Inputs,
    JsonElement? Metrics,
    IReadOnlyDictionary<string, string> Files)
{
    public const string FileName = PackageFiles.ManifestFile;

    /// <summary>Maximum length of a content vector.</summary>
    public const int MaxContentDimension = 4_096;

    private const double DefaultTemperature = 0.1;

    /// <summary>What a package of another kind says; null in one for profiles.</summary>
    public string? Kind { get; init; }

    /// <summary>How the package was trained; null if the package does not say it.</summary>
    public JsonElement? Training { get; init; }

    /// <summary>What the neighbours of items count in a score; null if the package has none.</summary>
    public NeighboursManifest? Neighbours { get; init; }

    /// <summary>The parts of a vector, which together are the whole; null if the package does not name them.</summary>
    public IReadOnlyList<SegmentManifest>? Segments { get; init; }

    /// <summary>What the figures were measured under; null if the package does not say it.</summary>
    public WindowRules? WindowRules { get; init; }

    /// <summary>The scale on which training read ratings; null if the package does not say it.</summary>
    public RatingScale? RatingScale { get; init; }

    /// <summary>Up to which erasure the package was trained; null if it does not say it.</summary>
    public PrivacyManifest? Privacy { get; init; }

    /// <summary>Temperature of the softmax over products with item vectors at the end of training. Default 0.1.</summary>
    [JsonIgnore]
    public double Temperature => NumberOfTraining("temperature") is > 0 and var temperature ? temperature : DefaultTemperature;

    /// <summary>Whether the package learned from its whole log, or counted it, after its figures were measured.</summary>
    [JsonIgnore]
    public bool HasWholeLog => NumberOfTraining("wholeLogEpochs") > 0 || OfTraining("wholeLogCounted") is { ValueKind: JsonValueKind.True };

    /// <summary>The scale of the ratings that the package's likings were counted of; null if it has no likings.</summary>
    [JsonIgnore]
    public RatingScale? CountedRatings => Files.ContainsKey(ItemLikings.FileName) ? RatingScale ?? RatingScale.Usual : null;

    /// <summary>Name and version, which profiles carry.</summary>
    [JsonIgnore]
    public string Id => $"{Name}/{Version}";

    private double? NumberOfTraining(string name) =>
        OfTraining(name) is { ValueKind: JsonValueKind.Number } found ? found.GetDouble() : null;

    private JsonElement? OfTraining(string name) =>
        Training is { ValueKind: JsonValueKind.Object } training && training.TryGetProperty(name, out var found) ? found : null;

    /// <summary>Returns what is wrong, or null. Encodings are checked when they are created.</summary>
    public string? Problem() => this switch
    {
        { Kind: { } kind } => $"kind is {kind}: it is no package for profiles, whose manifest has no kind.",
        _ when !PackageFiles.IsName(Name) => $"name {PackageFiles.NameRule}",
        _ when !PackageFiles.IsName(Version) => $"version {PackageFiles.NameRule}",
        { Dimension: < 1 or > 4_096 } => "dimension must be 1 to 4,096.",
        { MaxEvents: < 1 or > 10_000 } => "maxEvents must be 1 to 10,000.",
        {
            Inputs: not
            {
                Items: not null, Kinds: not null, Categories: not null, Gaps: not null, Values: not null, Attributes: not null,
            },
        } => "inputs must declare items, kinds, categories, gaps, values and attributes.",
        { Inputs.Content.Dimension: < 1 or > MaxContentDimension } => $"inputs.content: dimension must be 1 to {MaxContentDimension:N0}.",
        { Inputs.Attributes: var attributes } when attributes.Any(a => a?.Name is null) =>
            "inputs.attributes: every attribute needs a name.",
        _ when Neighbours?.Problem() is { } problem => $"neighbours.{problem}",
        { Segments: { } segments } when SegmentManifest.Problem(segments, Dimension) is { } problem => problem,
        { WindowRules: { } rules } when rules.Problem() is { } problem => problem,
        _ when RatingScale?.Problem() is { } problem => problem,
        _ when Privacy?.Problem() is { } problem => problem,
        { Files: null } => "files is missing.",
        _ => null,
    };
}

/// <summary>How each input of the graph is encoded.</summary>
internal sealed record ModelInputsManifest(
    EncodingManifest Items,
    EncodingManifest Kinds,
    EncodingManifest Categories,
    EncodingManifest Gaps,
    EncodingManifest Values,
    IReadOnlyList<EncodingManifest> Attributes,
    ContentManifest? Content = null,
    EncodingManifest? Time = null);

/// <summary>Declares that the graph uses content vectors of items.</summary>
/// <param name="Dimension">Length of each vector.</param>
internal sealed record ContentManifest(int Dimension);

/// <summary>One encoding. Its members depend on <see cref="Encoding"/>.</summary>
internal sealed record EncodingManifest(
    string Encoding,
    string? Name = null,
    ulong? Buckets = null,
    int? Size = null,
    IReadOnlyList<string>? Values = null,
    IReadOnlyList<double>? Bounds = null,
    double? Scale = null,
    double? Offset = null);
