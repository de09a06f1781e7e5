using Microsoft.EntityFrameworkCore.Query;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>What one pass of an erasure removed.</summary>
internal sealed record RemovedRows(
    int Windows, int Events, int CachedProfiles, int Profiles, int Attributes, int Vectors, int ArchivedEvents, int Processes)
{
    /// <summary>Adds this to a receipt, which waits for nothing then.</summary>
    public void AddTo(UpdateSettersBuilder<Erasure> receipt) => receipt
        .SetProperty(e => e.Windows, e => e.Windows + Windows)
        .SetProperty(e => e.Events, e => e.Events + Events)
        .SetProperty(e => e.CachedProfiles, e => e.CachedProfiles + CachedProfiles)
        .SetProperty(e => e.Profiles, e => e.Profiles + Profiles)
        .SetProperty(e => e.Attributes, e => e.Attributes + Attributes)
        .SetProperty(e => e.Vectors, e => e.Vectors + Vectors)
        .SetProperty(e => e.ArchivedEvents, e => e.ArchivedEvents + ArchivedEvents)
        .SetProperty(e => e.Processes, e => e.Processes > Processes ? e.Processes : Processes)
        .SetProperty(e => e.WaitingFor, (string?)null);
}
