using ProfileService.Events;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Privacy.Export;

/// <summary>The user's window, and its events with their texts.</summary>
internal sealed class WindowSource(IAliasWindows windows) : IExportSource
{
    private static readonly string[] Places = ["windows", "{p}:w:"];

    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        try
        {
            var found = (await windows.FindAsync(userId, cancellationToken))?.Stored;
            return found is null
                ? Sections([], [])
                : Sections([ExportedWindow.From(found)], [.. found.Window.Events.Select(StoredEvent.From)]);
        }
        catch (UnreadableWindowException e) // all else that is known is exported, and that the window is not is told
        {
            return Sections([new UnreadableWindow(e.Message)], []);
        }
    }

    private static IReadOnlyList<ExportSection> Sections(IReadOnlyList<object> window, IReadOnlyList<object> events) =>
        [ExportSection.Of("window", Places, window), ExportSection.Of("events", Places, events)];
}

/// <summary>In place of a window that was altered, so that nobody can say what is in it.</summary>
/// <param name="Unreadable">What is the matter, and what to do.</param>
internal sealed record UnreadableWindow(string Unreadable);

/// <summary>A window without its events.</summary>
/// <param name="Digest">SHA-256 of the window's bytes in lower-case hex.</param>
/// <param name="EventCount">Number of its events.</param>
internal sealed record ExportedWindow(long Revision, string Digest, int EventCount)
{
    public static ExportedWindow From(StoredWindow found) =>
        new(found.Revision, WindowCodec.Digest(found.Window), found.Window.Events.Count);
}
