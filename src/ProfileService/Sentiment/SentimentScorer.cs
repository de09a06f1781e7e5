using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Sentiment;

/// <summary>Scores the sentiment of texts, and caches the scores. It is safe for use by many threads.</summary>
/// <param name="model">Null if sentiment is switched off.</param>
internal sealed class SentimentScorer(SentimentModel? model, ProfileMetrics metrics, TimeProvider time) : IDisposable
{
    private readonly ScoreMemory _memory = new();

    /// <summary>Whether texts of events of this kind have a sentiment; a search query has none.</summary>
    public static bool HasSentiment(string kind) => kind != EventKinds.Search;

    /// <summary>Whether sentiment is switched on.</summary>
    public bool IsOn => model is not null;

    /// <summary>Name and version of the package; null if sentiment is switched off.</summary>
    public string? Model => model?.Manifest.Id;

    /// <summary>
    /// Returns scores in [-1, 1], in the order of the texts: -1 is negative, 0 neutral, 1 positive; null for a text that states no opinion.
    /// </summary>
    /// <exception cref="InvalidOperationException">Sentiment is switched off (<see cref="IsOn"/>).</exception>
    public float?[] Score(IReadOnlyList<string> texts)
    {
        if (model is null)
            throw new InvalidOperationException("Sentiment is switched off: Model:SentimentPackage is empty.");

        var scores = new float?[texts.Count];
        var places = new Dictionary<ulong, List<int>>(); // of texts that are not remembered
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

    /// <summary>Reads the score of a text that is remembered, without decoding it.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="score">Null if the text states no opinion.</param>
    public bool TryRecall(ReadOnlySpan<byte> text, out float? score)
    {
        if (!_memory.TryGet(StableHash.Of(text), out score))
            return false;
        metrics.CountTexts("memory", 1);
        return true;
    }

    public void Dispose() => model?.Dispose();

    private void ScoreNew(SentimentModel model, IReadOnlyList<string> texts, Dictionary<ulong, List<int>> places, float?[] scores)
    {
        var started = time.GetTimestamp();
        var found = SentimentBatch.Run(model, [.. places.Values.Select(p => model.Tokenizer.Tokens(texts[p[0]]))]);
        foreach (var ((hash, same), output) in places.Zip(found))
        {
            var score = model.ScoreOf(output);
            _memory.Keep(hash, score);
            foreach (var n in same)
                scores[n] = score;
        }

        metrics.CountTexts("model", places.Count);
        metrics.RecordSentiment(time.GetElapsedTime(started));
    }
}
