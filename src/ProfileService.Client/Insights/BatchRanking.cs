namespace ProfileService.Client;

/// <summary>The caller's items, by how well they fit each of many users.</summary>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Users">Those that have a profile, in the order asked.</param>
/// <param name="Missing">Ids of users without a profile, as they were asked for and in that order.</param>
/// <param name="UnknownItems">Items that have no score, in the order asked.</param>
/// <param name="UnavailableItems">Items that are not available, or that were deleted, in the order asked.</param>
/// <param name="UnavailableUsers">
/// Ids of users whose profile or events cannot be read now, because a store is away or the window was altered, as they were asked for and
/// in that order; null if there are none.
/// </param>
public sealed record BatchRanking(
    string Model,
    IReadOnlyList<UserRanking> Users,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> UnknownItems,
    IReadOnlyList<string> UnavailableItems,
    IReadOnlyList<string>? UnavailableUsers = null);

/// <summary>The items for one of many users.</summary>
/// <param name="UserId">The user; the person, where the id that was asked for is an alias.</param>
/// <param name="Revision">Revision of the profile that the items were compared with.</param>
/// <param name="Items">The best first; each once.</param>
/// <param name="Stale">True if the profile is behind the user's events, or that is unknown; null otherwise.</param>
public sealed record UserRanking(string UserId, long Revision, IReadOnlyList<RankedItem> Items, bool? Stale = null);

/// <summary>An item and how well it fits a user.</summary>
/// <param name="ItemId">As asked for.</param>
/// <param name="Score">Higher is better; compare only scores of one model.</param>
public sealed record RankedItem(string ItemId, double Score);

internal sealed record BatchRankRequest(IReadOnlyList<string> UserIds, IReadOnlyList<string> ItemIds);
