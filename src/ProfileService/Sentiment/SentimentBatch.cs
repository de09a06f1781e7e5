namespace ProfileService.Sentiment;

/// <summary>Runs many texts in a few batches of similar length.</summary>
internal static class SentimentBatch
{
    // Fits into a processor's cache. Padding counts, so a batch with a long text has few texts.
    private const int TokensPerRun = 8_192;

    /// <summary>Returns scores in [-1, 1], in the order of the texts; 0 for a text without tokens.</summary>
    public static float[] Scores(SentimentModel model, IReadOnlyList<int[]> texts)
    {
        var scores = new float[texts.Count];
        var order = Enumerable.Range(0, texts.Count).Where(n => texts[n].Length > 0).OrderByDescending(n => texts[n].Length).ToArray();
        for (var start = 0; start < order.Length;)
        {
            var length = texts[order[start]].Length;
            var batch = order.AsSpan(start, Math.Min(order.Length - start, Math.Max(1, TokensPerRun / length)));
            Run(model, texts, batch, length, scores);
            start += batch.Length;
        }

        return scores;
    }

    private static void Run(SentimentModel model, IReadOnlyList<int[]> texts, ReadOnlySpan<int> batch, int length, float[] scores)
    {
        var tokens = new long[batch.Length * length];
        for (var row = 0; row < batch.Length; row++)
        {
            var text = texts[batch[row]];
            for (var n = 0; n < text.Length; n++)
                tokens[(row * length) + n] = text[n];
        }

        var found = model.Run(tokens, batch.Length);
        for (var row = 0; row < batch.Length; row++)
            scores[batch[row]] = Math.Clamp(found[row], -1, 1);
    }
}
