using System.Runtime.CompilerServices;
using ProfileService.Platform;

namespace ProfileService.Windows.Sqlite;

/// <summary>Erases users from the file of the windows, whose freed space is overwritten with zeros.</summary>
internal sealed class SqliteWindowEraser(
    SqliteWindowFile file, SqliteWindowRows rows, SqliteMarks marks, UserHash hashes, WindowAppender rules) : IWindowEraser
{
    private const int PageSize = 1_000;

    public Task<ErasedWindow> EraseAsync(
        string userId, long order, ErasureMark least, IReadOnlyList<string> copies, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            var hash = hashes.Of(userId);
            var before = marks.FindByHash(hash);
            if (before is { } mark && mark.Order == order && mark.ErasedBefore >= least.ErasedBefore)
                return new ErasedWindow(mark, 0, 0);
            var erased = rules.Erase(userId, rows.Find(userId)?.Window, before, order, least);
            rows.Drop(userId);
            marks.Write(hash, erased.Mark);
            return erased;
        }, cancellationToken);

    public Task<IReadOnlyList<string>> RestoreAsync(IReadOnlyList<LedgerMark> given, CancellationToken cancellationToken) =>
        file.WriteAsync<IReadOnlyList<string>>(() =>
        {
            var set = new List<string>();
            foreach (var lost in given)
            {
                var (hash, mark) = (lost.UserHash, lost.Restored);
                var found = marks.FindByHash(hash);
                if (found?.ErasedBefore >= mark.ErasedBefore && found?.Floor >= mark.Floor)
                    continue;
                marks.Write(hash, mark.AtLeast(found));
                set.Add(hash);
            }

            return set;
        }, cancellationToken);

    public Task ConfirmAsync(IReadOnlyList<LedgerMark> given, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            foreach (var restored in given.Where(m => marks.FindByHash(m.UserHash) == m.Restored))
                marks.Write(restored.UserHash, restored.Mark);
            return true;
        }, cancellationToken);

    public Task<ErasureMark?> FindMarkAsync(string userId, CancellationToken cancellationToken) =>
        file.WriteAsync(() => marks.Find(userId), cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<LedgerMark>> ReadMarksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = await ReadMarksAsync("", cancellationToken); page.Count > 0;
            page = await ReadMarksAsync(page[^1].UserHash, cancellationToken))
        {
            yield return page;
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<string>> ReadUsersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = await ReadPageAsync("", cancellationToken); page.Count > 0; page = await ReadPageAsync(page[^1], cancellationToken))
            yield return page;
    }

    /// <exception cref="IOException">Somebody reads the log for a long time.</exception>
    public Task PurgeAsync(CancellationToken cancellationToken) => file.CheckpointAsync(cancellationToken);

    public Task RewriteAsync(CancellationToken cancellationToken) => file.RewriteAsync(cancellationToken);

    public (int Partition, int Partitions) PlaceOf(string userId) => (0, 1);

    private Task<List<LedgerMark>> ReadMarksAsync(string after, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            var found = new List<LedgerMark>();
            using var rows = file.Prepared(SqliteWindowSql.ReadMarks, ("$after", after), ("$count", PageSize)).ExecuteReader();
            while (rows.Read())
                found.Add(new LedgerMark(rows.GetString(0), 0, 1, ErasureMark.From(rows.GetFieldValue<byte[]>(1)) ?? default));
            return found;
        }, cancellationToken);

    private Task<List<string>> ReadPageAsync(string after, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            var users = new List<string>();
            using var found = file.Prepared(SqliteWindowSql.ReadUsers, ("$after", after), ("$count", PageSize)).ExecuteReader();
            while (found.Read())
                users.Add(found.GetString(0));
            return users;
        }, cancellationToken);
}
