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
    public WindowChange Append(
        EventsOfUser user, EncodedWindow? stored, ErasureMark? mark, IReadOnlyList<WindowEvent> events, Verdict[] verdicts)
    {
        var window = stored is null ? Window.Empty(user.UserId) : altered.TryDecode(user.UserId, stored);
        var (changes, known) = (0, ItemsOf(window));
        foreach (var i in user.Indexes)
        {
            var changed = false;
            verdicts[i] = mark?.Covers(events[i]) == true
                ? Verdict.Erased
                : window?.Append(events[i], options.Value, out changed) ?? Verdict.Unreadable;
            changes += changed ? 1 : 0;
        }

        return new WindowChange(
            changes == 0 ? null : new EncodedWindow(RevisionAfter(stored?.Revision, changes, mark), WindowCodec.Encode(window!)),
            known is null ? null : MetItems.Of(known, Met(user, events, verdicts), isChanged: changes > 0));
    }

    /// <summary>The window with its revision incremented, or an empty window if there is none; null if the window cannot be read.</summary>
    public EncodedWindow? Touch(EncodedWindow? stored, ErasureMark? mark) =>
        stored is null ? new EncodedWindow(RevisionAfter(null, 1, mark), [WindowCodec.Version])
        : stored.IsAltered ? null
        : stored with { Revision = stored.Revision + 1 };

    /// <summary>The window with a revision above the profile's; null if its revision is not lower, or if it cannot be read.</summary>
    public static EncodedWindow? RaiseAbove(long profileRevision, EncodedWindow? stored) =>
        stored is { IsAltered: false } && stored.Revision < profileRevision ? stored with { Revision = profileRevision + 1 } : null;

    /// <summary>Whether the window can be read, or there is none.</summary>
    public bool CanRead(string userId, EncodedWindow? stored) => stored is null || altered.TryDecode(userId, stored) is not null;

    /// <summary>Builds a window from these events alone, to replace one that cannot be read.</summary>
    /// <param name="former">Revision of the replaced window, which the new one exceeds; null if it is unknown.</param>
    public WindowChange Rebuild(string userId, long? former, ErasureMark? mark, IReadOnlyList<WindowEvent> events)
    {
        var (window, changes) = (Window.Empty(userId), 0);
        List<WindowEvent> taken = [.. events.Where(e => mark?.Covers(e) != true)];
        foreach (var e in taken)
        {
            window.Append(e, options.Value, out var changed);
            changes += changed ? 1 : 0;
        }

        var revision = Math.Max(RevisionAfter(null, Math.Max(changes, 1), mark), (former ?? 0) + 1);
        return new WindowChange(
            new EncodedWindow(revision, WindowCodec.Encode(window)),
            options.Value.RememberSeen ? MetItems.Of([], taken.Select(e => e.ItemId), isChanged: true) : null);
    }

    /// <summary>What to add to a user's <see cref="SeenItems"/> so that it has another's; null if there is no window.</summary>
    public MetItems? Merge(string userId, EncodedWindow? stored, SeenItems other) =>
        stored is not null && altered.TryDecode(userId, stored) is { } window
            ? MetItems.Of(other, window.Events.Select(e => e.ItemId))
            : null;

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

    /// <summary>The items of a window; null if it cannot be read, or if what users meet is not remembered.</summary>
    private HashSet<string>? ItemsOf(Window? window) =>
        options.Value.RememberSeen ? window?.Events.Select(e => e.ItemId).ToHashSet(StringComparer.Ordinal) : null;

    // A late event counts, too: it would not be late if it had come earlier, and the order must not matter.
    private static IEnumerable<string> Met(EventsOfUser user, IReadOnlyList<WindowEvent> events, Verdict[] verdicts) =>
        user.Indexes.Where(i => verdicts[i] is not Verdict.Erased).Select(i => events[i].ItemId);

    /// <summary>The revision after a number of changes; of a window that begins anew after an erasure, above all before it.</summary>
    private long RevisionAfter(long? current, int changes, ErasureMark? mark) =>
        StoredWindow.RevisionAfter(
            current is null && mark is { } erased ? Math.Max(erased.Floor, time.GetUtcNow().ToUnixTimeMilliseconds() - 1) : current,
            changes,
            time.GetUtcNow());
}
