using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Windows.Codec;

namespace ProfileService.Windows;

/// <summary>What every store does between reading a user's window and writing it back.</summary>
internal sealed class WindowAppender(IOptions<WindowOptions> options, TimeProvider time, AlteredWindows altered)
{
    /// <summary>Appends a user's events to the window, and writes the verdict of each to <paramref name="verdicts"/>.</summary>
    /// <param name="stored">The stored window; null if there is none.</param>
    /// <param name="events">All events of the append, of this user and of others.</param>
    /// <returns>The window to store; null if nothing changed.</returns>
    public EncodedWindow? Append(EventsOfUser user, EncodedWindow? stored, IReadOnlyList<WindowEvent> events, Verdict[] verdicts)
    {
        var window = stored is null ? Window.Empty(user.UserId) : altered.TryDecode(user.UserId, stored);
        var changes = 0;
        foreach (var i in user.Indexes)
        {
            var changed = false;
            verdicts[i] = window?.Append(events[i], options.Value, out changed) ?? Verdict.Unreadable;
            changes += changed ? 1 : 0;
        }

        return changes == 0
            ? null
            : new EncodedWindow(StoredWindow.RevisionAfter(stored?.Revision, changes, time.GetUtcNow()), WindowCodec.Encode(window!));
    }

    /// <summary>The window with its revision incremented, or an empty window if there is none; null if the window cannot be read.</summary>
    public EncodedWindow? Touch(EncodedWindow? stored) =>
        stored is null ? EncodedWindow.Empty(time.GetUtcNow())
        : stored.IsRefused ? null
        : stored with { Revision = stored.Revision + 1 };

    /// <summary>The window with a revision above the profile's; null if its revision is not lower, or if it cannot be read.</summary>
    public static EncodedWindow? RaiseAbove(long profileRevision, EncodedWindow? stored) =>
        stored is { IsRefused: false } && stored.Revision < profileRevision ? stored with { Revision = profileRevision + 1 } : null;

    /// <summary>Whether the window can be read, or there is none.</summary>
    public bool CanRead(string userId, EncodedWindow? stored) => stored is null || altered.TryDecode(userId, stored) is not null;

    /// <summary>Builds a window from these events alone, to replace one that cannot be read.</summary>
    /// <param name="former">Revision of the replaced window, which the new one exceeds; null if it is unknown.</param>
    public EncodedWindow Rebuild(string userId, long? former, IReadOnlyList<WindowEvent> events)
    {
        var (window, changes) = (Window.Empty(userId), 0);
        foreach (var e in events)
        {
            window.Append(e, options.Value, out var changed);
            changes += changed ? 1 : 0;
        }

        var revision = Math.Max(StoredWindow.RevisionAfter(null, changes, time.GetUtcNow()), (former ?? 0) + 1);
        return new EncodedWindow(revision, WindowCodec.Encode(window));
    }
}
