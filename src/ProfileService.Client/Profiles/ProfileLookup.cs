namespace ProfileService.Client;

/// <summary>The profiles of many users.</summary>
/// <param name="Profiles">Those found, in the order asked.</param>
/// <param name="Missing">Ids without a profile.</param>
/// <param name="Unavailable">Ids whose profiles cannot be read while a store is unreachable; null if there are none.</param>
public sealed record ProfileLookup(
    IReadOnlyList<UserProfile> Profiles, IReadOnlyList<string> Missing, IReadOnlyList<string>? Unavailable = null);

internal sealed record LookupRequest(IReadOnlyList<string> UserIds);
