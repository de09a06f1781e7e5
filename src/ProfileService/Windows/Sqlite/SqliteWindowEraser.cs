using ProfileService.Platform;

namespace ProfileService.Windows.Sqlite;

/// <summary>Erases users from the file of the windows, whose freed space is overwritten with zeros.</summary>
internal sealed class SqliteWindowEraser(
    SqliteWindowFile file, SqliteWindowRows rows, SqliteMarks marks, UserHash hashes, WindowAppender rules) : IWindowEraser
{
    public Task<ErasedWindow> EraseAsync(
        string userId, WindowErasure erasure, ErasureMark least, IReadOnlyList<string> copies, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            var hash = hashes.Of(userId);
            var before = marks.FindByHash(hash);
            if (before is { } mark && erasure.IsDone(mark, least))
                return new ErasedWindow(mark, 0, 0);
            var erased = rules.Erase(userId, rows.Find(userId)?.Window, before, erasure.Order, least);
            rows.Drop(userId);
            marks.Write(hash, erased.Mark);
            return erased;
        }, cancellationToken);

    /// <exception cref="IOException">Somebody reads the log for a long time.</exception>
    public Task PurgeAsync(CancellationToken cancellationToken) => file.CheckpointAsync(cancellationToken);

    public Task RewriteAsync(CancellationToken cancellationToken) => file.RewriteAsync(cancellationToken);
}
