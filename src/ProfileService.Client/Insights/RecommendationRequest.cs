using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>Which items to recommend, and how many.</summary>
public sealed record RecommendationRequest
{
    /// <summary>Number of items at most, 1 to 1,000.</summary>
    public int Count { get; init; } = 20;

    /// <summary>Which items may be recommended; null for every item.</summary>
    public ItemFilter? Filter { get; init; }

    /// <summary>
    /// <c>window</c>: leaves out the items of the user's own events; <c>ever</c>: also those that the user met before, if the service
    /// remembers them; <c>purchased</c>: those that the events say were purchased; <c>never</c>: leaves out none.
    /// </summary>
    public string ExcludeSeen { get; init; } = "window";

    /// <summary>Number of items of one category at most, 1 to 1,000; null for no maximum. An item counts for its first category.</summary>
    public int? MaxPerCategory { get; init; }

    /// <summary>
    /// <c>popular</c>: if fewer items fit than asked for, or nothing is known of the user, popular items are listed beside them;
    /// <c>none</c>: they are not.
    /// </summary>
    public string Fallback { get; init; } = "none";

    /// <summary>
    /// 0 to 1. 0: the items that fit best; above 0, an item that is like those before it gives way to others, the more the nearer to 1.
    /// </summary>
    public double Diversity { get; init; }

    /// <summary>
    /// The <see cref="Recommendations.After"/> of the page before, to go on in the same list; null for its beginning. All other properties
    /// but <see cref="Count"/> and <see cref="Fallback"/> must be the same as for that page.
    /// </summary>
    public string? After { get; init; }

    /// <summary>What the user looks at now, and what no event says yet; null for the profile as it is. Not for sessions.</summary>
    public RecommendationContext? Context { get; init; }

    /// <summary>
    /// Whether each item says which item of the user's events is most like it, as <see cref="RecommendedItem.Reason"/>. It requires the
    /// scope <c>raw:read</c>, too, and has no meaning for sessions.
    /// </summary>
    [JsonIgnore]
    public bool IncludeReason { get; init; }
}

/// <summary>What a user looks at now. The profile is computed as if the items had been viewed now; nothing is stored.</summary>
public sealed record RecommendationContext
{
    /// <summary>1 to 20 items, the one looked at last at the end. They are not recommended.</summary>
    public required IReadOnlyList<string> ItemIds { get; init; }
}

/// <summary>Which items may be listed. An item must meet every property that is not null.</summary>
public sealed record ItemFilter
{
    /// <summary>Keeps items that have one of these categories, 1 to 64.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Leaves out items that have one of these categories, up to 64.</summary>
    public IReadOnlyList<string>? ExcludeCategories { get; init; }

    /// <summary>Keeps items that have one of these labels, 1 to 64.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Leaves out items that have one of these labels, up to 64.</summary>
    public IReadOnlyList<string>? ExcludeLabels { get; init; }

    /// <summary>Leaves out these items, up to 1,000.</summary>
    public IReadOnlyList<string>? ExcludeItems { get; init; }

    /// <summary>Keeps items of at least this price. An item without a price is left out if either bound is given.</summary>
    public double? MinPrice { get; init; }

    /// <summary>Keeps items of at most this price.</summary>
    public double? MaxPrice { get; init; }
}
