using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Windows.Codec;

namespace ProfileService.Windows;

/// <summary>What every store does between reading a user's window and writing it back.</summary>
internal sealed class WindowAppender(IOptions<WindowOptions> options, TimeProvider time, AlteredWindows altered)
{
    /// <summary>Takes a user's events into the window and notes the verdict of each.</summary>
    /// <param name="stored">The stored window; null if there is none.</param>
    /// <param name="events">All of the append.</param>
    /// <returns>The window to store; null if nothing changed.</returns>
    public EncodedWindow? Append(EventsOfUser user, EncodedWindow? stored, IReadOnlyList<WindowEvent> events, Verdict[] verdicts)
    {
        var window = stored is null ? Window.Empty(user.UserId) : altered.TryDecode(user.UserId, stored);
        var changes = 0;
        foreach (var i in user.Places)
        {
            var changed = false;
            verdicts[i] = window?.Append(events[i], options.Value, out changed) ?? Verdict.Unreadable;
            changes += changed ? 1 : 0;
        }

        return changes == 0
            ? null
            : new EncodedWindow(StoredWindow.RevisionAfter(stored?.Revision, changes, time.GetUtcNow()), WindowCodec.Encode(window!));
    }

    /// <summary>The window with its revision incremented, an empty one if there is none; null if it was refused.</summary>
    public EncodedWindow? Touch(EncodedWindow? stored) =>
        stored is null ? EncodedWindow.Empty(time.GetUtcNow())
        : stored.IsRefused ? null
        : stored with { Revision = stored.Revision + 1 };

    /// <summary>The window with a revision above that of its user's profile; null if it is not below, or cannot be read.</summary>
    public static EncodedWindow? RaiseAbove(long profileRevision, EncodedWindow? stored) =>
        stored is { IsRefused: false } && stored.Revision < profileRevision ? stored with { Revision = profileRevision + 1 } : null;

    /// <summary>Whether the window can be read, or there is none.</summary>
    public bool CanRead(string userId, EncodedWindow? stored) => stored is null || altered.TryDecode(userId, stored) is not null;

    /// <summary>The window of these events alone, in place of one that cannot be read.</summary>
    /// <param name="former">The revision of the one before, as far as it can be told; the new one is above it.</param>
    public EncodedWindow Anew(string userId, long? former, IReadOnlyList<WindowEvent> events)
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
