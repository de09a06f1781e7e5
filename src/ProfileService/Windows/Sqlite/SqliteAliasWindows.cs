using ProfileService.Windows.Codec;

namespace ProfileService.Windows.Sqlite;

/// <summary>Windows under any id in the SQLite file.</summary>
internal sealed class SqliteAliasWindows(
    SqliteWindowFile file,
    SqliteWindowRows rows,
    SqliteSeenItems seen,
    SqliteMarks marks,
    WindowAppender rules,
    AlteredWindows altered) : IAliasWindows
{
    public async Task<AliasWindow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        await file.WriteAsync(() => (rows.Find(userId)?.Window, seen.Find(userId)), cancellationToken) is ({ } window, var met)
            ? new AliasWindow(altered.Decode(userId, window)!, window.Bytes, met)
            : null;

    public Task<SeenItems?> FindSeenAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(seen.Read(userId));

    public Task<bool> AddSeenAsync(string userId, SeenItems other, ErasureMark? mark, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            var isSame = marks.Find(userId) == mark;
            if (isSame && rules.Merge(userId, rows.Find(userId)?.Window, other) is { } met)
                seen.Add(userId, met, isNew: false);
            return isSame;
        }, cancellationToken);

    public Task<bool> DropAsync(string userId, AliasWindow found, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            var isSame = rows.Find(userId) is { Window: { IsAltered: false } window } && IsSame(window, found)
                && SeenItems.AreSame(seen.Find(userId), found.Seen);
            if (isSame)
                rows.Drop(userId);
            return isSame;
        }, cancellationToken);

    public Task DropUnreadableAsync(string userId, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            if (rows.Find(userId) is { Window: var window } && altered.TryDecode(userId, window) is null)
                rows.Drop(userId);
            return true;
        }, cancellationToken);

    private static bool IsSame(EncodedWindow window, AliasWindow found) =>
        window.Revision == found.Stored.Revision && window.Bytes.AsSpan().SequenceEqual(found.Value);
}
