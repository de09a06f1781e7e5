namespace ProfileService.Client;

/// <summary>Why a profile is as it is.</summary>
/// <param name="Events">The window's events, the newest last.</param>
/// <param name="Dimensions">What the dimensions are based on.</param>
/// <param name="WithoutEvent">
/// The five events without which the vector turns farthest; the greatest change first, of equal ones the newer event.
/// </param>
/// <param name="WithoutAttribute">
/// How far the vector turns without each attribute that the model reads and the user has; the greatest change first.
/// </param>
/// <param name="UserId">Whose profile it is.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Revision">Revision of the events and attributes that were explained.</param>
/// <param name="Segments">
/// The share of each segment in the vector's squared length; null if the model package names none, or if the vector is zero.
/// </param>
public sealed record Explanation(
    IReadOnlyList<ExplainedEvent> Events,
    ExplainedDimensions? Dimensions = null,
    IReadOnlyList<LeftOutEvent>? WithoutEvent = null,
    IReadOnlyList<AttributeLeftOut>? WithoutAttribute = null,
    string? UserId = null,
    string? Model = null,
    long? Revision = null,
    IReadOnlyDictionary<string, double>? Segments = null);

/// <summary>An event, and how much it counts.</summary>
/// <param name="EventId">Given by the sender, or derived.</param>
/// <param name="Kind">As sent.</param>
/// <param name="ItemId">As sent.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Attention">The model's weight of the event; those of all events that the model reads sum to 1.</param>
/// <param name="Change">
/// How far the vector turns if the event is left out: 1 minus the cosine of the vectors with and without it, from 0 (no change) to 2. A
/// vector of zeros counts as at a right angle to any other. Null if the model does not read the event.
/// </param>
/// <param name="Categories">As sent; null if there are none.</param>
/// <param name="Value">As sent; null if there is none.</param>
/// <param name="Sentiment">Score of its text, from -1 (negative) to 1 (positive); null if it states no opinion.</param>
/// <param name="Heads">The weight by each attention head of the model's last layer; null if the model does not tell.</param>
/// <param name="Segments">
/// How the change divides over the segments of the vector: each one's share of the squared distance between the vectors with and without
/// the event; null if the model package names none, or if nothing changes.
/// </param>
public sealed record ExplainedEvent(
    string EventId,
    string Kind,
    string ItemId,
    DateTimeOffset Timestamp,
    double Attention,
    double? Change = null,
    IReadOnlyList<string>? Categories = null,
    double? Value = null,
    double? Sentiment = null,
    IReadOnlyList<double>? Heads = null,
    IReadOnlyDictionary<string, double>? Segments = null);

/// <summary>What the dimensions are based on.</summary>
/// <param name="Interests">The profile's interests.</param>
/// <param name="IntentEvents">Number of events of the last session.</param>
/// <param name="PriceEvents">Number of events with a price.</param>
/// <param name="SentimentTexts">Number of texts that state an opinion.</param>
public sealed record ExplainedDimensions(
    IReadOnlyList<ExplainedInterest>? Interests = null, int IntentEvents = 0, int PriceEvents = 0, int SentimentTexts = 0);

/// <summary>What an interest is based on.</summary>
/// <param name="Category">As in the profile.</param>
/// <param name="Share">As in the profile, 0 to 1.</param>
/// <param name="Events">Number of events that have the category among theirs.</param>
/// <param name="Attention">The sum of their attention.</param>
/// <param name="Against">As in the profile, 0 to 1; null if it is 0.</param>
public sealed record ExplainedInterest(
    string Category, double Share, int Events = 0, double? Attention = null, double? Against = null);

/// <summary>What leaving one event out would change.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Change">As of the event.</param>
/// <param name="Segments">As of the event.</param>
public sealed record LeftOutEvent(string EventId, double Change, IReadOnlyDictionary<string, double>? Segments = null);

/// <summary>What leaving one attribute out would change.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Change">As of an event.</param>
/// <param name="Segments">As of an event.</param>
public sealed record AttributeLeftOut(string Name, double Change, IReadOnlyDictionary<string, double>? Segments = null);
