using System.Text;
using System.Text.Json;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Model;

/// <summary>
/// <c>golden.json</c>: raw windows with the inputs and outputs that training computed for them. They are replayed before a package is
/// served.
/// </summary>
internal sealed record GoldenSamples(IReadOnlyList<GoldenSample> Samples)
{
    public const string FileName = "golden.json";
    public const int MinCount = 20;
    public const double ValueTolerance = 1e-6;
    public const double OutputTolerance = 1e-4;

    private const string NotFinite = "the vector of a window without events has a number that is not finite.";

    /// <summary>Describes the first difference between the results of service and training; null if there is none.</summary>
    public string? Problem(WindowEncoder encoder, ModelSession session)
    {
        if (Samples is not { Count: >= MinCount })
            return $"it must contain at least {MinCount} samples.";

        foreach (var (i, sample) in Samples.Index())
        {
            if (sample.Problem(encoder, session) is { } problem)
                return $"sample {i}: {problem}";
        }

        return PaddedProblem(encoder, session) ?? EmptyProblem(encoder, session);
    }

    /// <summary>
    /// Runs all samples as one batch, each padded to the longest, and beside them a window without events. Padding must not change a
    /// vector.
    /// </summary>
    private string? PaddedProblem(WindowEncoder encoder, ModelSession session)
    {
        var windows = Samples.Select(s => s.ToWindow()).ToList();
        using var batch = encoder.NewBatch(Samples.Count + 1, windows.Max(encoder.LengthOf));
        foreach (var (i, window) in windows.Index())
            encoder.Encode(window, Samples[i].AttributeTexts(), batch, i, Samples[i].Contents());
        using var outputs = session.Run(batch);
        foreach (var (i, sample) in Samples.Index())
        {
            if (GoldenSample.Differs(outputs.Vector(i), sample.Vector, OutputTolerance))
                return $"sample {i}: with padding in a batch, the vector differs by more than {OutputTolerance}.";
        }

        return outputs.IsFinite(Samples.Count, events: 0) ? null : NotFinite;
    }

    /// <summary>
    /// Runs windows without events, one with the attributes of each sample, as users have whose attributes alone are known. Training
    /// computes nothing for them, but a number that is not finite is wrong in any case.
    /// </summary>
    private string? EmptyProblem(WindowEncoder encoder, ModelSession session)
    {
        using var batch = encoder.NewBatch(Samples.Count, length: 1);
        foreach (var (i, sample) in Samples.Index())
            encoder.Encode(Window.Empty("golden"), sample.AttributeTexts(), batch, i);
        using var outputs = session.Run(batch);
        return Samples.Index().All(sample => outputs.IsFinite(sample.Index, events: 0)) ? null : NotFinite;
    }
}

/// <summary>One window, the inputs that the encoder must produce, and the outputs that the graph must produce.</summary>
internal sealed record GoldenSample(
    IReadOnlyList<GoldenEvent> Events,
    IReadOnlyDictionary<string, JsonElement>? Attributes,
    GoldenInputs Inputs,
    float[] Vector,
    float[] Attention)
{
    public string? Problem(WindowEncoder encoder, ModelSession session)
    {
        if (Events is not { Count: > 0 } || Inputs is null || Vector is null || Attention is null)
            return "it must have events, inputs, vector and attention.";

        var window = ToWindow();
        using var batch = encoder.NewBatch(1, encoder.LengthOf(window));
        encoder.Encode(window, AttributeTexts(), batch, 0, Contents());
        if (Inputs.Difference(batch) is { } input)
            return $"input {input} is not what training computed.";

        using var outputs = session.Run(batch);
        const double Tolerance = GoldenSamples.OutputTolerance;
        return Differs(outputs.Vector(0), Vector, Tolerance) ? $"the vector differs by more than {Tolerance}."
            : Differs(outputs.AttentionOf(0), Attention, Tolerance) ? $"the attention differs by more than {Tolerance}."
            : null;
    }

    public Window ToWindow() => new("golden", [.. Events.Select(e => e.ToEvent())]);

    /// <summary>The attributes in the encoder's form: strings unchanged, numbers in their shortest form.</summary>
    public Dictionary<string, string> AttributeTexts() => Attributes?.ToDictionary(a => a.Key, a => AttributeText.Of(a.Value)) ?? [];

    /// <summary>
    /// Content vectors by item, from the events of the sample; null if there are none. The service's own item catalogue is not used.
    /// </summary>
    public ItemLookup? Contents()
    {
        var contents = Events.Where(e => e.Content is not null).DistinctBy(e => e.ItemId)
            .ToDictionary(e => e.ItemId, e => new ItemFacts(null, e.Content));
        return contents.Count == 0 ? null : id => contents.GetValueOrDefault(Encoding.UTF8.GetString(id));
    }

    // The comparison is negated so that NaN differs from everything.
    public static bool Differs(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double tolerance)
    {
        if (actual.Length != expected.Length)
            return true;
        for (var i = 0; i < actual.Length; i++)
        {
            if (!(Math.Abs((double)actual[i] - expected[i]) <= tolerance))
                return true;
        }

        return false;
    }
}

/// <summary>An event in the form of the API, without user and id.</summary>
/// <param name="Content">Content vector of its item.</param>
internal sealed record GoldenEvent(
    string Kind,
    string ItemId,
    DateTimeOffset Timestamp,
    IReadOnlyList<string>? Categories = null,
    double? Value = null,
    float[]? Content = null)
{
    public WindowEvent ToEvent() =>
        new(
            "golden",
            Kind,
            ItemId,
            EventTime.FromUtc(Timestamp.UtcDateTime),
            Categories: Categories is { Count: > 0 } ? Categories : null,
            Value: Value);
}

/// <summary>The graph's inputs for one window, unpadded.</summary>
internal sealed record GoldenInputs(
    long[] Items, long[] Kinds, long[] Categories, long[] Gaps, float[] Values, long[] Attributes, float[]? Time = null)
{
    /// <summary>Name of the first input that differs; null if none does.</summary>
    public string? Difference(ModelInputs actual) =>
        !actual.Items.Span.SequenceEqual(Items) ? "items"
        : !actual.Kinds.Span.SequenceEqual(Kinds) ? "kinds"
        : !actual.Categories.Span.SequenceEqual(Categories) ? "categories"
        : !actual.Gaps.Span.SequenceEqual(Gaps) ? "gaps"
        : GoldenSample.Differs(actual.Values.Span, Values, GoldenSamples.ValueTolerance) ? "values"
        : !actual.Attributes.Span.SequenceEqual(Attributes) ? "attributes"
        : GoldenSample.Differs(actual.Time.Span, Time ?? [], GoldenSamples.ValueTolerance) ? "time"
        : null;
}
