using ProfileService.Storage;

namespace ProfileService.Profiles;

/// <summary>Profiles that were found, and why others cannot be read; null where all that there are were found.</summary>
internal readonly record struct FoundProfiles(IReadOnlyList<Profile> Profiles, Exception? Failure);
