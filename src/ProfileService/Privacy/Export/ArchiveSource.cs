using ProfileService.Events;

namespace ProfileService.Privacy.Export;

/// <summary>The user's events in the archive.</summary>
internal sealed class ArchiveSource(ArchiveReader? archive = null) : IExportSource
{
    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        var (name, places) = ("archivedEvents", (string[])["events"]);
        return archive is null || await archive.OpenAsync(userId, cancellationToken) is not { } found
            ? [ExportSection.Of(name, places, [])]
            : [new ExportSection(name, places, found.Count, found.ReadAsync(CancellationToken.None), found)];
    }
}
