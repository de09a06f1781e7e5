namespace ProfileService.Client;

/// <summary>The profiles of many users.</summary>
/// <param name="Profiles">In the order asked.</param>
/// <param name="Missing">Ids without a profile.</param>
/// <param name="Unavailable">Ids of which that cannot be told now, for a store is away; null where there are none.</param>
public sealed record ProfileLookup(IReadOnlyList<UserProfile> Profiles, IReadOnlyList<string> Missing, IReadOnlyList<string>? Unavailable = null);

internal sealed record LookupRequest(IReadOnlyList<string> UserIds);
