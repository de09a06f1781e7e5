using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>What one pass of an erasure removed.</summary>
internal sealed record RemovedRows(
    int Windows, int Events, int CachedProfiles, int Profiles, int Attributes, int Vectors, int ArchivedEvents, int Processes)
{
    public void AddTo(Erasure erasure)
    {
        erasure.Windows += Windows;
        erasure.Events += Events;
        erasure.CachedProfiles += CachedProfiles;
        erasure.Profiles += Profiles;
        erasure.Attributes += Attributes;
        erasure.Vectors += Vectors;
        erasure.ArchivedEvents += ArchivedEvents;
        erasure.Processes = Math.Max(erasure.Processes, Processes);
    }
}
