using ProfileService.Platform;

namespace ProfileService.Windows;

/// <summary>One thing a user did to one item at one time.</summary>
/// <param name="GivenId">The event id that the sender gave; null if it is derived.</param>
/// <param name="Kind">What was done, see <see cref="EventKinds"/>.</param>
/// <param name="Timestamp">Microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Categories">Up to 8, the most specific first.</param>
/// <param name="Value">Price, rating or amount; finite.</param>
/// <param name="Removed">What stays of the text if it was removed; <paramref name="Text"/> is null then.</param>
internal record WindowEvent(
    string UserId,
    string Kind,
    string ItemId,
    long Timestamp,
    string? GivenId = null,
    IReadOnlyList<string>? Categories = null,
    double? Value = null,
    string? Text = null,
    RemovedText? Removed = null)
{
    /// <summary>The beginning of a derived id.</summary>
    public const string DerivedPrefix = "d-";

    /// <summary>Characters of a derived id.</summary>
    public const int DerivedIdLength = 18;

    /// <summary>What makes two events of a user the same: the given id, or one derived from user, kind, item and timestamp.</summary>
    public string EventId => GivenId ?? $"{DerivedPrefix}{StableHash.Of($"{UserId}\n{Kind}\n{ItemId}\n{Timestamp}"):x16}";

    /// <summary>Whether another event's derived id may be this one's given id.</summary>
    public bool HasIdLikeDerived => GivenId is { Length: DerivedIdLength } && GivenId.StartsWith(DerivedPrefix, StringComparison.Ordinal);

    /// <summary>Whether both have the same <see cref="EventId"/>. Derived ids are compared by what they derive from.</summary>
    public bool IsSameEventAs(WindowEvent other) => (GivenId, other.GivenId) switch
    {
        (null, null) => Timestamp == other.Timestamp && Kind == other.Kind && ItemId == other.ItemId,
        ({ } mine, { } theirs) => mine == theirs,
        _ => (HasIdLikeDerived || other.HasIdLikeDerived) && EventId == other.EventId,
    };
}
