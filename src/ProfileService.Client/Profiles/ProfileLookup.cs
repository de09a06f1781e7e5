namespace ProfileService.Client;

/// <summary>The profiles of many users.</summary>
/// <param name="Profiles">In the order asked.</param>
/// <param name="Missing">Ids without a profile.</param>
public sealed record ProfileLookup(IReadOnlyList<UserProfile> Profiles, IReadOnlyList<string> Missing);

internal sealed record LookupRequest(IReadOnlyList<string> UserIds);
