namespace ProfileService.Client;

/// <summary>The profiles of many users.</summary>
/// <param name="Profiles">Those found, in the order asked.</param>
/// <param name="Missing">Ids without a profile.</param>
/// <param name="Unavailable">
/// Ids whose profiles cannot be read, because a store is unreachable, or cannot be computed, because the window was altered; null if there
/// are none.
/// </param>
public sealed record ProfileLookup(
    IReadOnlyList<UserProfile> Profiles, IReadOnlyList<string> Missing, IReadOnlyList<string>? Unavailable = null);

internal sealed record LookupRequest(IReadOnlyList<string> UserIds);
