using ProfileService.Windows.Codec;

namespace ProfileService.Windows.Sqlite;

/// <summary>Windows under any id in the SQLite file.</summary>
internal sealed class SqliteAliasWindows(SqliteWindowFile file, SqliteWindowRows rows, AlteredWindows altered) : IAliasWindows
{
    public async Task<AliasWindow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        await file.WriteAsync(() => rows.Find(userId)?.Window, cancellationToken) is { } window
            ? new AliasWindow(altered.Decode(userId, window)!, window.Bytes)
            : null;

    public Task<bool> DropAsync(string userId, AliasWindow found, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            var isSame = rows.Find(userId) is { Window: { IsRefused: false } window } && IsSame(window, found);
            if (isSame)
                rows.Drop(userId);
            return isSame;
        }, cancellationToken);

    private static bool IsSame(EncodedWindow window, AliasWindow found) =>
        window.Revision == found.Stored.Revision && window.Bytes.AsSpan().SequenceEqual(found.Value);
}
