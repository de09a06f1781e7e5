using ProfileService.Platform;

namespace ProfileService.Sentiment;

/// <summary>What texts say of the things they are about, in [-1, 1]. A text is scored once per process, as long as it is remembered. May be called by many threads at once.</summary>
/// <param name="model">Null where sentiment is switched off.</param>
internal sealed class SentimentScorer(SentimentModel? model, ProfileMetrics metrics, TimeProvider time) : IDisposable
{
    private readonly ScoreMemory _memory = new();

    /// <summary>Whether there is a model to score with.</summary>
    public bool IsOn => model is not null;

    /// <summary>Name and version of the package, or null where sentiment is switched off.</summary>
    public string? Model => model?.Manifest.Id;

    /// <summary>Scores in [-1, 1] in the order of the texts: -1 blame, 1 praise, 0 where a text says neither or nothing.</summary>
    /// <exception cref="InvalidOperationException">Sentiment is switched off (<see cref="IsOn"/>).</exception>
    public float[] Score(IReadOnlyList<string> texts)
    {
        if (model is null)
            throw new InvalidOperationException("Sentiment is switched off: Model:SentimentPackage is empty.");

        var scores = new float[texts.Count];
        var places = new Dictionary<ulong, List<int>>(); // of the texts that are to be scored
        for (var n = 0; n < texts.Count; n++)
        {
            var hash = StableHash.Of(texts[n]);
            if (_memory.TryGet(hash, out scores[n]))
                continue;
            if (places.TryGetValue(hash, out var same))
                same.Add(n);
            else
                places[hash] = [n];
        }

        metrics.CountTexts("memory", texts.Count - places.Count);
        if (places.Count > 0)
            ScoreNew(model, texts, places, scores);
        return scores;
    }

    /// <summary>The score of a text, UTF-8, where it is remembered; nothing is made of the text then.</summary>
    public bool TryRecall(ReadOnlySpan<byte> text, out float score)
    {
        if (!_memory.TryGet(StableHash.Of(text), out score))
            return false;
        metrics.CountTexts("memory", 1);
        return true;
    }

    public void Dispose() => model?.Dispose();

    private void ScoreNew(SentimentModel model, IReadOnlyList<string> texts, Dictionary<ulong, List<int>> places, float[] scores)
    {
        var started = time.GetTimestamp();
        var found = SentimentBatch.Scores(model, [.. places.Values.Select(p => model.Tokenizer.Tokens(texts[p[0]]))]);
        foreach (var ((hash, same), score) in places.Zip(found))
        {
            _memory.Keep(hash, score);
            foreach (var n in same)
                scores[n] = score;
        }

        metrics.CountTexts("model", places.Count);
        metrics.RecordSentiment(time.GetElapsedTime(started));
    }
}
