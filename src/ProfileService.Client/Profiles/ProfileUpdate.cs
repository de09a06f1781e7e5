namespace ProfileService.Client;

/// <summary>Whether a profile changed, and what it is now.</summary>
/// <param name="NotModified">True if the caller's copy is still up to date; <paramref name="Profile"/> is null then.</param>
/// <param name="Profile">The profile as it is now; also null if nothing is known of the user.</param>
public sealed record ProfileUpdate(bool NotModified, UserProfile? Profile);
