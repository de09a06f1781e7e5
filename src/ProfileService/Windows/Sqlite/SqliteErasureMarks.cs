using System.Runtime.CompilerServices;

namespace ProfileService.Windows.Sqlite;

/// <summary>Reads, restores and confirms the marks of erased users in the file of the windows.</summary>
internal sealed class SqliteErasureMarks(SqliteWindowFile file, SqliteMarks marks) : IErasureMarks
{
    private const int PageSize = 1_000;

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

    public Task<ErasureMark?> FindAsync(string userId, CancellationToken cancellationToken) =>
        file.WriteAsync(() => marks.Find(userId), cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<LedgerMark>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = await ReadPageAsync("", cancellationToken); page.Count > 0;
            page = await ReadPageAsync(page[^1].UserHash, cancellationToken))
        {
            yield return page;
        }
    }

    public (int Partition, int Partitions) PlaceOf(string userId) => (0, 1);

    private Task<List<LedgerMark>> ReadPageAsync(string after, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            var found = new List<LedgerMark>();
            using var rows = file.Prepared(SqliteWindowSql.ReadMarks, ("$after", after), ("$count", PageSize)).ExecuteReader();
            while (rows.Read())
                found.Add(new LedgerMark(rows.GetString(0), 0, 1, ErasureMark.From(rows.GetFieldValue<byte[]>(1)) ?? default));
            return found;
        }, cancellationToken);
}
