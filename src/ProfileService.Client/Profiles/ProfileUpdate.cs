namespace ProfileService.Client;

/// <summary>The answer to whether a profile changed.</summary>
/// <param name="NotModified">Whether the caller's copy is still what the service has; <paramref name="Profile"/> is null then.</param>
/// <param name="Profile">The profile as it is now; null also where nothing is known of the user.</param>
public sealed record ProfileUpdate(bool NotModified, UserProfile? Profile);
