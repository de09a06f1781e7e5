namespace ProfileService.Client;

/// <summary>What a profile says in words and numbers. A part without data is null.</summary>
/// <param name="Interests">Up to 20 categories, the greatest share first.</param>
/// <param name="Activity">How much, how often and when the user acts.</param>
/// <param name="Intent">What the user's last session was about.</param>
/// <param name="PriceLevel">The prices that the user looks at and pays.</param>
/// <param name="Sentiment">The tone of the user's texts.</param>
/// <param name="Attributes">The user's attributes as they were put.</param>
public sealed record ProfileDimensions(
    IReadOnlyList<Interest>? Interests = null,
    Activity? Activity = null,
    Intent? Intent = null,
    PriceLevel? PriceLevel = null,
    TextSentiment? Sentiment = null,
    IReadOnlyDictionary<string, AttributeValue>? Attributes = null);

/// <summary>How much a user cares for a category.</summary>
/// <param name="Category">As in events and items.</param>
/// <param name="Share">
/// The category's part of what the events say for their categories, 0 to 1. The shares of all the user's categories sum to 1; all are 0 if
/// no event says anything for a category.
/// </param>
/// <param name="Trend">
/// Share in the newer half of the window minus share in the earlier half, from -1 to 1; null if a half has no share.
/// </param>
/// <param name="Against">
/// What dislikes, low ratings and negative texts say against the category, as part of what all events say for and against all categories,
/// 0 to 1; null if they say nothing.
/// </param>
public sealed record Interest(string Category, double Share, double? Trend = null, double? Against = null);

/// <summary>How much, how often and when a user acts. Times are UTC.</summary>
/// <param name="Events">Number of events in the window.</param>
/// <param name="LastEventAt">Timestamp of the newest event.</param>
/// <param name="RecencyDays">Days from the newest event to when the profile was computed, 0 or more.</param>
/// <param name="EventsPerDay">Events ÷ days from the oldest to the newest one, which count as at least 1.</param>
/// <param name="Sessions">Number of runs of events with no pause longer than 30 minutes.</param>
/// <param name="ValueSum">Sum of the purchases' values, in the unit of the events' values; null if none has a value.</param>
/// <param name="Hours">Share of the events in each of the 24 hours of the day, from 0 h to 23 h.</param>
/// <param name="Weekdays">Share of the events on each of the 7 days of the week, from Monday to Sunday.</param>
/// <param name="FirstEventAt">Timestamp of the oldest event of the window; null if the service did not store it with the profile.</param>
public sealed record Activity(
    int Events = 0,
    DateTimeOffset? LastEventAt = null,
    double? RecencyDays = null,
    double? EventsPerDay = null,
    int? Sessions = null,
    double? ValueSum = null,
    IReadOnlyList<double>? Hours = null,
    IReadOnlyList<double>? Weekdays = null,
    DateTimeOffset? FirstEventAt = null);

/// <summary>What a user seems to be about, by the kinds of the last session's events: four shares that sum to 1.</summary>
/// <param name="Browse">Share of view, click, search and of the kinds that a service takes beside the built-in ones.</param>
/// <param name="Compare">Share of like, dislike, share, rating and review of items that the user did not buy before.</param>
/// <param name="Buy">Share of cart and purchase.</param>
/// <param name="Feedback">Share of like, dislike, share, rating and review of items that the user bought earlier in the window.</param>
public sealed record Intent(double Browse = 0, double Compare = 0, double Buy = 0, double Feedback = 0);

/// <summary>The prices that a user looks at and pays, in the unit of the events' values.</summary>
/// <param name="Median">The 50th percentile.</param>
/// <param name="Events">Number of events with a price.</param>
/// <param name="Low">The 10th percentile.</param>
/// <param name="High">The 90th percentile.</param>
public sealed record PriceLevel(double Median, int Events = 0, double? Low = null, double? High = null);

/// <summary>The tone of what a user writes.</summary>
/// <param name="Mean">Mean of the texts' scores, from -1 (negative) to 1 (positive).</param>
/// <param name="Texts">Number of texts with a score.</param>
/// <param name="Trend">Mean of the newer half of the texts minus that of the earlier half, from -2 to 2; null for a single text.</param>
public sealed record TextSentiment(double Mean, int Texts = 0, double? Trend = null);
