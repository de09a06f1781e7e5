namespace ProfileService.Lookup;

/// <summary>Why a profile is as it is.</summary>
/// <param name="Revision">Revision of the window and the attributes that were explained.</param>
/// <param name="Events">The window's, the newest last.</param>
/// <param name="Dimensions">What the dimensions rest on.</param>
/// <param name="WithoutEvent">The five events of most attention, and what leaving each out would change, the greatest change first.</param>
internal sealed record ExplanationResponse(
    string UserId,
    string Model,
    long Revision,
    IReadOnlyList<ExplainedEvent> Events,
    ExplainedDimensions Dimensions,
    IReadOnlyList<LeftOutEvent> WithoutEvent);

/// <summary>An event and what it counts.</summary>
/// <param name="Sentiment">Score of its text, -1 to 1; left out where there is none.</param>
/// <param name="Attention">The model's own weight of it; those of the events that the model reads come to 1.</param>
/// <param name="Heads">Its weight in each attention head of the last layer, where the package tells; the rest of a head's 1 lies on the attributes.</param>
internal sealed record ExplainedEvent(
    string EventId, string Kind, string ItemId, DateTime Timestamp, IReadOnlyList<string>? Categories, double? Value, double? Sentiment, double Attention, IReadOnlyList<double>? Heads);

/// <summary>What the dimensions rest on.</summary>
/// <param name="Interests">As in the profile.</param>
/// <param name="IntentEvents">Events of the last session.</param>
/// <param name="PriceEvents">Events with a price.</param>
/// <param name="SentimentTexts">Texts with a score.</param>
internal sealed record ExplainedDimensions(IReadOnlyList<ExplainedInterest> Interests, int IntentEvents, int PriceEvents, int SentimentTexts);

/// <summary>What an interest rests on.</summary>
/// <param name="Share">As in the profile.</param>
/// <param name="Events">How many events name its category.</param>
/// <param name="Attention">The sum of their attention.</param>
internal sealed record ExplainedInterest(string Category, double Share, int Events, double Attention);

/// <summary>What leaving one event out would change.</summary>
/// <param name="Change">1 - cosine of the vector with it and the vector without it; 0 for no change, 2 at most.</param>
internal sealed record LeftOutEvent(string EventId, double Change);
