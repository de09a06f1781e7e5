using ProfileService.Storage;

namespace ProfileService.Profiles;

/// <summary>What became of profiles that were to be stored.</summary>
/// <param name="Newer">Those of a later revision that stood in the way.</param>
/// <param name="ServedModel">The model that the profiles were kept for when these were stored, or null before the first start.</param>
internal sealed record StoredProfiles(IReadOnlyList<Profile> Newer, string? ServedModel);
