namespace ProfileService.Sentiment;

/// <summary>What the graph says of a text.</summary>
/// <param name="Score">-1 is negative, 1 positive.</param>
/// <param name="Opinion">Probability that the text states an opinion that the model can read; 1 from a package that does not tell.</param>
internal readonly record struct SentimentOutput(float Score, float Opinion)
{
    /// <summary>Of a text without tokens.</summary>
    public static readonly SentimentOutput None;

    /// <summary>The score, or null if the text states no opinion.</summary>
    /// <param name="least">The probability from which on it states one.</param>
    public float? ScoreFrom(float least) => Opinion >= least ? Score : null;
}
