namespace ProfileService.Client;

/// <summary>Why a profile is what it is.</summary>
/// <param name="Events">The window's events with the attention that each was paid, the newest last.</param>
/// <param name="Dimensions">What stands behind the readable dimensions.</param>
/// <param name="WithoutEvent">How far the vector would move without the events of the greatest attention.</param>
public sealed record Explanation(
    IReadOnlyList<ExplainedEvent> Events,
    ExplainedDimensions? Dimensions = null,
    IReadOnlyList<WithoutEvent>? WithoutEvent = null,
    string? UserId = null,
    string? Model = null,
    long? Revision = null);

/// <summary>An event and its part in the profile.</summary>
/// <param name="Attention">0 to 1; those of all events add up to 1.</param>
/// <param name="Heads">The attention by each head of the model, where it tells.</param>
/// <param name="Sentiment">How its text sounds, -1 to 1.</param>
public sealed record ExplainedEvent(
    string EventId,
    string Kind,
    string ItemId,
    DateTimeOffset Timestamp,
    double Attention,
    IReadOnlyList<string>? Categories = null,
    double? Value = null,
    double? Sentiment = null,
    IReadOnlyList<double>? Heads = null);

/// <summary>What stands behind the readable dimensions.</summary>
/// <param name="IntentEvents">Events of the last session.</param>
/// <param name="PriceEvents">Events with a price.</param>
/// <param name="SentimentTexts">Texts with a score.</param>
public sealed record ExplainedDimensions(
    IReadOnlyList<ExplainedInterest>? Interests = null, int IntentEvents = 0, int PriceEvents = 0, int SentimentTexts = 0);

/// <summary>What stands behind an interest.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Events">Events of the category.</param>
/// <param name="Attention">The attention that they were paid together.</param>
public sealed record ExplainedInterest(string Category, double Share, int Events = 0, double? Attention = null);

/// <summary>What leaving one event out would do.</summary>
/// <param name="Change">1 less the cosine of the two vectors.</param>
public sealed record WithoutEvent(string EventId, double Change);
