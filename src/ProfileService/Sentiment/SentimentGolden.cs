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

        var batch = SentimentBatch.Scores(model, [.. Samples.Select(s => s.Tokens)]);
        foreach (var (i, sample) in Samples.Index())
        {
            if (GoldenSample.Differs([batch[i]], [sample.Score], GoldenSamples.OutputTolerance))
                return $"sample {i}: padded into a batch, the score differs by more than {GoldenSamples.OutputTolerance}.";
        }

        return null;
    }
}

/// <summary>A text with its expected tokens and score.</summary>
internal sealed record SentimentSample(string Text, int[] Tokens, float Score)
{
    public string? Problem(SentimentModel model)
    {
        if (Text is null || Tokens is null)
            return "it must have text, tokens and score.";
        if (!model.Tokenizer.Tokens(Text).AsSpan().SequenceEqual(Tokens))
            return "the tokens are not what training computed.";
        return GoldenSample.Differs(SentimentBatch.Scores(model, [Tokens]), [Score], GoldenSamples.OutputTolerance)
            ? $"the score differs by more than {GoldenSamples.OutputTolerance}."
            : null;
    }
}
