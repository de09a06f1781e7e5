using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Privacy.Export;

/// <summary>The user's profiles in Redis's read cache, by every model that was ever active.</summary>
internal sealed class CachedProfilesSource(DatabaseEraser database, ProfileCache? cache = null) : IExportSource
{
    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        var stamps = cache is null ? [] : await database.FindStampsAsync(cancellationToken);
        var found = await Task.WhenAll(stamps.Select(stamp => cache!.FindAsync([userId], stamp)));
        var profiles = found.SelectMany(p => p).OfType<Profile>().Select(ExportedProfile.From);
        return [ExportSection.Of("cachedProfiles", ["{p}:profile:"], [.. profiles])];
    }
}
