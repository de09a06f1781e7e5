using ProfileService.Windows;

namespace ProfileService.Privacy.Export;

/// <summary>Whether the user's profile is to be computed, or just being computed.</summary>
internal sealed class DueSource(IDueQueue due) : IExportSource
{
    private static readonly string[] Places = ["due", "{p}:due", "{p}:leases", "{p}:claims"];

    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken) =>
        [ExportSection.Of("due", Places, await due.FindAsync(userId, cancellationToken) is { } found ? [found] : [])];
}
