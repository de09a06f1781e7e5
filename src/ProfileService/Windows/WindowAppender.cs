using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows.Codec;

namespace ProfileService.Windows;

/// <summary>What every store does between reading a user's window and writing it back.</summary>
internal sealed class WindowAppender(IOptions<WindowOptions> options, TimeProvider time, AlteredWindows altered)
{
    // How far the revision of a window that cannot be read may be ahead of the clock, in ms as revisions are.
    private static readonly TimeSpan OfUnknown = TimeSpan.FromDays(1);

    /// <summary>Appends a user's events to the window, and writes the verdict of each to <paramref name="verdicts"/>.</summary>
    /// <param name="stored">The stored window; null if there is none.</param>
    /// <param name="mark">The user's mark; null if the user was not erased.</param>
    /// <param name="events">All events of the append, of this user and of others.</param>
    /// <returns>The window to store; null if nothing changed.</returns>
    public EncodedWindow? Append(
        EventsOfUser user, EncodedWindow? stored, ErasureMark? mark, IReadOnlyList<WindowEvent> events, Verdict[] verdicts)
    {
        var window = stored is null ? Window.Empty(user.UserId) : altered.TryDecode(user.UserId, stored);
        var changes = 0;
        foreach (var i in user.Indexes)
        {
            var changed = false;
            verdicts[i] = mark?.Covers(events[i]) == true
                ? Verdict.Erased
                : window?.Append(events[i], options.Value, out changed) ?? Verdict.Unreadable;
            changes += changed ? 1 : 0;
        }

        return changes == 0
            ? null
            : new EncodedWindow(RevisionAfter(stored?.Revision, changes, mark), WindowCodec.Encode(window!));
    }

    /// <summary>The window with its revision incremented, or an empty window if there is none; null if the window cannot be read.</summary>
    public EncodedWindow? Touch(EncodedWindow? stored, ErasureMark? mark) =>
        stored is null ? new EncodedWindow(RevisionAfter(null, 1, mark), [WindowCodec.Version])
        : stored.IsRefused ? null
        : stored with { Revision = stored.Revision + 1 };

    /// <summary>The window with a revision above the profile's; null if its revision is not lower, or if it cannot be read.</summary>
    public static EncodedWindow? RaiseAbove(long profileRevision, EncodedWindow? stored) =>
        stored is { IsRefused: false } && stored.Revision < profileRevision ? stored with { Revision = profileRevision + 1 } : null;

    /// <summary>Whether the window can be read, or there is none.</summary>
    public bool CanRead(string userId, EncodedWindow? stored) => stored is null || altered.TryDecode(userId, stored) is not null;

    /// <summary>Builds a window from these events alone, to replace one that cannot be read.</summary>
    /// <param name="former">Revision of the replaced window, which the new one exceeds; null if it is unknown.</param>
    public EncodedWindow Rebuild(string userId, long? former, ErasureMark? mark, IReadOnlyList<WindowEvent> events)
    {
        var (window, changes) = (Window.Empty(userId), 0);
        foreach (var e in events.Where(e => mark?.Covers(e) != true))
        {
            window.Append(e, options.Value, out var changed);
            changes += changed ? 1 : 0;
        }

        var revision = Math.Max(RevisionAfter(null, Math.Max(changes, 1), mark), (former ?? 0) + 1);
        return new EncodedWindow(revision, WindowCodec.Encode(window));
    }

    /// <summary>What an erasure removes, and the mark that it leaves. Nothing that is known of the user may be after the mark.</summary>
    /// <param name="before">The mark of an earlier erasure; null if there is none.</param>
    public ErasedWindow Erase(string userId, EncodedWindow? stored, ErasureMark? before, long order, ErasureMark least)
    {
        var now = time.GetUtcNow();
        var window = stored is null ? null : altered.TryDecode(userId, stored);
        var isUnknown = stored is not null && window is null;
        var mark = new ErasureMark(
            Math.Max(EventTime.FromUtc(now.UtcDateTime), window?.Events is [.., var newest] ? newest.Timestamp : 0),
            Math.Max(stored?.Revision ?? 0, (isUnknown ? now + OfUnknown : now).ToUnixTimeMilliseconds()),
            order);
        return new ErasedWindow(mark.AtLeast(least).AtLeast(before), stored is null ? 0 : 1, window?.Events.Count ?? 0);
    }

    /// <summary>The revision after a number of changes; of a window that begins anew after an erasure, above all before it.</summary>
    private long RevisionAfter(long? current, int changes, ErasureMark? mark) =>
        StoredWindow.RevisionAfter(
            current is null && mark is { } erased ? Math.Max(erased.Floor, time.GetUtcNow().ToUnixTimeMilliseconds() - 1) : current,
            changes,
            time.GetUtcNow());
}
