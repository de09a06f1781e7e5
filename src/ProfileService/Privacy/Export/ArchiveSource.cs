using ProfileService.Events;

namespace ProfileService.Privacy.Export;

/// <summary>A person's events in the archive, under all ids at once, so that an export holds one connection for them.</summary>
internal sealed class ArchiveSource(ArchiveReader? archive = null)
{
    /// <summary>As <see cref="IExportSource.OpenAsync"/>.</summary>
    public async Task<IReadOnlyList<ExportSection>> OpenAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var (name, places) = ("archivedEvents", (string[])["events"]);
        return archive is null || await archive.OpenAsync(userIds, cancellationToken) is not { } found
            ? [ExportSection.Of(name, places, [])]
            : [new ExportSection(name, places, found.Count, found.ReadAsync(CancellationToken.None), found)];
    }
}
