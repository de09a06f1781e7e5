using ProfileService.Model;

namespace ProfileService.Sentiment;

/// <summary><c>golden.json</c> of a sentiment package: texts with the tokens and scores that training computed for them.</summary>
internal sealed record SentimentGolden(IReadOnlyList<SentimentSample> Samples)
{
    public const string FileName = GoldenSamples.FileName;

    /// <summary>
    /// Returns how the service's results differ from those of training; null if they are equal. Each text runs alone, and in a batch with
    /// all others.
    /// </summary>
    public string? Problem(SentimentModel model)
    {
        if (Samples is not { Count: >= GoldenSamples.MinCount })
            return $"it must hold at least {GoldenSamples.MinCount} samples.";

        foreach (var (i, sample) in Samples.Index())
        {
            if (sample.Problem(model) is { } problem)
                return $"sample {i}: {problem}";
        }

        var batch = SentimentBatch.Run(model, [.. Samples.Select(s => s.Tokens)]);
        foreach (var (i, sample) in Samples.Index())
        {
            if (sample.Difference(batch[i]) is { } difference)
                return $"sample {i}: padded into a batch, {difference}";
        }

        return null;
    }
}

/// <summary>A text with its expected tokens and outputs.</summary>
/// <param name="Opinion">Null in a package whose graph does not tell.</param>
internal sealed record SentimentSample(string Text, int[] Tokens, float Score, float? Opinion)
{
    public string? Problem(SentimentModel model)
    {
        if (Text is null || Tokens is null)
            return "it must have text, tokens and score.";
        if (!model.Tokenizer.Tokens(Text).AsSpan().SequenceEqual(Tokens))
            return "the tokens are not what training computed.";
        if (model.Manifest.LeastOpinion is not null && Opinion is null)
            return "it must have opinion, for the manifest has leastOpinion.";
        return Difference(SentimentBatch.Run(model, [Tokens])[0]);
    }

    /// <summary>How the service's result differs from that of training; null if it is equal.</summary>
    public string? Difference(SentimentOutput output)
    {
        if (GoldenSample.Differs([output.Score], [Score], GoldenSamples.OutputTolerance))
            return $"the score differs by more than {GoldenSamples.OutputTolerance}.";
        return Opinion is { } opinion && GoldenSample.Differs([output.Opinion], [opinion], GoldenSamples.OutputTolerance)
            ? $"the opinion differs by more than {GoldenSamples.OutputTolerance}."
            : null;
    }
}
