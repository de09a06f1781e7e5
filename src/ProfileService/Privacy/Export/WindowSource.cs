using ProfileService.Events;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Privacy.Export;

/// <summary>The user's window, its events with their texts, and the filter of all items that the user met.</summary>
internal sealed class WindowSource(IAliasWindows windows) : IExportSource
{
    private static readonly string[] Places = ["windows", "{p}:w:"];
    private static readonly string[] SeenPlaces = ["seen", "{p}:seen:"];

    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        try
        {
            return await windows.FindAsync(userId, cancellationToken) is { Stored: var found, Seen: var seen }
                ? Sections([ExportedWindow.From(found)], [.. found.Window.Events.Select(StoredEvent.From)], seen)
                : Sections([], [], null);
        }
        catch (UnreadableWindowException e) // all else that is known is exported, and that the window is not is told
        {
            return Sections([new UnreadableWindow(e.Message)], [], await windows.FindSeenAsync(userId, cancellationToken));
        }
    }

    private static IReadOnlyList<ExportSection> Sections(IReadOnlyList<object> window, IReadOnlyList<object> events, SeenItems? seen) =>
    [
        ExportSection.Of("window", Places, window),
        ExportSection.Of("events", Places, events),
        ExportSection.Of("seen", SeenPlaces, seen is null ? [] : [ExportedSeen.From(seen)]),
    ];
}

/// <summary>What is remembered of the items that a user met, window and before: none can be listed, each can be asked for.</summary>
/// <param name="About">What the filter is.</param>
/// <param name="EstimatedItems">About how many different items were met.</param>
/// <param name="FalsePositives">Probability that an item that was not met is taken for one that was.</param>
/// <param name="Filter">The bits in base64.</param>
internal sealed record ExportedSeen(string About, int EstimatedItems, double FalsePositives, byte[] Filter)
{
    public const string Meaning =
        "A Bloom filter of the ids of all items that were met: it tells of an id whether it was met, but has no list of them.";

    public static ExportedSeen From(SeenItems seen) =>
        new(Meaning, seen.EstimatedItems, Math.Round(seen.FalsePositives, 6), seen.Filter.ToArray());
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
