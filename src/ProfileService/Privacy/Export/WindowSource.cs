using ProfileService.Events;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Privacy.Export;

/// <summary>The user's window, and its events with their texts.</summary>
internal sealed class WindowSource(IAliasWindows windows) : IExportSource
{
    /// <exception cref="UnreadableWindowException">The window was altered, so that nobody can say what is in it.</exception>
    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        var found = (await windows.FindAsync(userId, cancellationToken))?.Stored;
        string[] places = ["windows", "{p}:w:"];
        return
        [
            ExportSection.Of("window", places, found is null ? [] : [ExportedWindow.From(found)]),
            ExportSection.Of("events", places, found is null ? [] : [.. found.Window.Events.Select(StoredEvent.From)]),
        ];
    }
}

/// <summary>A window without its events.</summary>
/// <param name="Digest">SHA-256 of the window's bytes in lower-case hex.</param>
/// <param name="EventCount">Number of its events.</param>
internal sealed record ExportedWindow(long Revision, string Digest, int EventCount)
{
    public static ExportedWindow From(StoredWindow found) =>
        new(found.Revision, WindowCodec.Digest(found.Window), found.Window.Events.Count);
}
