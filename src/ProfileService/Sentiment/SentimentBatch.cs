namespace ProfileService.Sentiment;

/// <summary>Runs many texts in a few batches of similar length.</summary>
internal static class SentimentBatch
{
    // Fits into a processor's cache. Padding counts, so a batch with a long text has few texts.
    private const int TokensPerRun = 8_192;

    /// <summary>Returns what the graph says of each text, in order; <see cref="SentimentOutput.None"/> of one without tokens.</summary>
    public static SentimentOutput[] Run(SentimentModel model, IReadOnlyList<int[]> texts)
    {
        var outputs = new SentimentOutput[texts.Count];
        var order = Enumerable.Range(0, texts.Count).Where(n => texts[n].Length > 0).OrderByDescending(n => texts[n].Length).ToArray();
        for (var start = 0; start < order.Length;)
        {
            var length = texts[order[start]].Length;
            var batch = order.AsSpan(start, Math.Min(order.Length - start, Math.Max(1, TokensPerRun / length)));
            Run(model, texts, batch, length, outputs);
            start += batch.Length;
        }

        return outputs;
    }

    private static void Run(
        SentimentModel model, IReadOnlyList<int[]> texts, ReadOnlySpan<int> batch, int length, SentimentOutput[] outputs)
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
            outputs[batch[row]] = found[row];
    }
}
