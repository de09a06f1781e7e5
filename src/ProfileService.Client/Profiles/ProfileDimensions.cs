namespace ProfileService.Client;

/// <summary>A profile in words and numbers. A part that the user's events say nothing of is null.</summary>
/// <param name="Interests">Categories, the strongest first.</param>
/// <param name="Attributes">What is known of the user beside events.</param>
public sealed record ProfileDimensions(
    IReadOnlyList<Interest>? Interests = null,
    Activity? Activity = null,
    Intent? Intent = null,
    PriceLevel? PriceLevel = null,
    Sentiment? Sentiment = null,
    IReadOnlyDictionary<string, AttributeValue>? Attributes = null);

/// <summary>How much of a user's attention a category has.</summary>
/// <param name="Share">0 to 1; the shares of all of a user's interests add up to 1.</param>
/// <param name="Trend">Share in the newer half of the window less that in the earlier half, from -1 to 1; null where a half is empty.</param>
public sealed record Interest(string Category, double Share, double? Trend = null);

/// <summary>How often and when a user is there.</summary>
/// <param name="Events">Events in the window.</param>
/// <param name="LastEventAt">Time of the newest event.</param>
/// <param name="RecencyDays">Days since then.</param>
/// <param name="EventsPerDay">Mean from the oldest to the newest event.</param>
/// <param name="Sessions">Runs of events without a longer pause.</param>
/// <param name="ValueSum">Sum of what was bought; null where nothing was.</param>
/// <param name="Hours">Shares of the 24 hours of the day, UTC, from midnight on.</param>
/// <param name="Weekdays">Shares of the 7 days of the week, from Monday on.</param>
public sealed record Activity(
    int Events = 0,
    DateTimeOffset? LastEventAt = null,
    double? RecencyDays = null,
    double? EventsPerDay = null,
    int? Sessions = null,
    double? ValueSum = null,
    IReadOnlyList<double>? Hours = null,
    IReadOnlyList<double>? Weekdays = null);

/// <summary>What the user is about to do, by the kinds of the last session's events; the three add up to 1.</summary>
public sealed record Intent(double Browse = 0, double Compare = 0, double Buy = 0);

/// <summary>Which prices the user looks at.</summary>
/// <param name="Events">Events with a price.</param>
/// <param name="Low">A tenth of the prices is lower.</param>
/// <param name="High">A tenth of the prices is higher.</param>
public sealed record PriceLevel(double Median, int Events = 0, double? Low = null, double? High = null);

/// <summary>How what the user wrote sounds.</summary>
/// <param name="Mean">-1 (negative) to 1 (positive).</param>
/// <param name="Texts">Texts behind it.</param>
/// <param name="Trend">Mean of the newer half of the texts less that of the earlier half; null for one text.</param>
public sealed record Sentiment(double Mean, int Texts = 0, double? Trend = null);
