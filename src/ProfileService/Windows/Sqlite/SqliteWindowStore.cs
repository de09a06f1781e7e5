using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Windows.Codec;

namespace ProfileService.Windows.Sqlite;

/// <summary>Windows in one SQLite file.</summary>
internal sealed class SqliteWindowStore(
    SqliteWindowFile file,
    SqliteWindowRows rows,
    SqliteSeenItems seen,
    SqliteMarks marks,
    WindowAppender appender,
    AlteredWindows altered,
    DueSignal signal,
    IOptions<WindowOptions> options) : IWindowStore
{
    public Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken) =>
        WriteAsync<IReadOnlyList<Verdict>>(() =>
        {
            var verdicts = new Verdict[events.Count];
            foreach (var user in EventsOfUser.In(events))
            {
                var (window, mark) = (rows.Find(user.UserId)?.Window, marks.Find(user.UserId));
                Write(user.UserId, window, appender.Append(user, window, mark, events, verdicts));
            }

            return verdicts;
        }, cancellationToken);

    public Task<StoredWindow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(altered.Decode(userId, Read(userId)?.Window));

    public Task<SeenItems?> FindSeenAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(seen.Read(userId));

    public async Task<long?> FindRevisionAsync(string userId, CancellationToken cancellationToken) =>
        (await FindRevisionsAsync([userId], cancellationToken))[0];

    public Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        using var connection = file.Open();
        using var command = SqliteWindowFile.Command(
            connection, SqliteWindowSql.ReadRevisions, ("$users", JsonSerializer.Serialize(userIds)));
        using var found = command.ExecuteReader();
        var revisions = new Dictionary<string, long>();
        while (found.Read())
            revisions[found.GetString(0)] = SqliteWindowValue.ReadRevision(found.GetValue(1));
        return Task.FromResult<IReadOnlyList<long?>>(
            [.. userIds.Select(id => revisions.TryGetValue(id, out var revision) ? altered.Check(id, revision) : null)]);
    }

    public Task TouchAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            foreach (var userId in userIds)
            {
                var window = rows.Find(userId)?.Window;
                Write(userId, window, new WindowChange(appender.Touch(window, marks.Find(userId))));
            }

            return userIds.Count;
        }, cancellationToken);

    public async Task<bool> MendAsync(string userId, IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken)
    {
        var isMended = await WriteAsync(() =>
        {
            var window = rows.Find(userId)?.Window;
            if (appender.CanRead(userId, window))
                return false;
            Write(userId, window, appender.Rebuild(userId, rows.FindRevision(userId), marks.Find(userId), events));
            return true;
        }, cancellationToken);
        if (!isMended)
            await AppendAsync(events, cancellationToken);
        return isMended;
    }

    public async IAsyncEnumerable<IReadOnlyList<string>> ReadUsersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = await ReadPageAsync([], cancellationToken); page.Users.Count > 0;
            page = await ReadPageAsync(page.End, cancellationToken))
        {
            yield return page.Users;
        }
    }

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        Task.FromResult(file.ReadNumber(SqliteWindowSql.IsEmpty) != 0);

    public async Task<int> DropIdleAsync(CancellationToken cancellationToken)
    {
        var before = rows.Now - (long)options.Value.IdleTtl.TotalMilliseconds;
        var dropped = 0;
        foreach (var page in FindIdle(before).Chunk(SqliteWindowRows.PageSize))
            dropped += await file.WriteAsync(() => page.Count(userId => DropIfIdle(userId, before)), cancellationToken);
        return dropped;
    }

    public async Task<bool> RemoveTextsAsync(string userId, TextRemoval removal, CancellationToken cancellationToken) =>
        // Other writes wait for a write. Therefore the texts are scored before it; within it their scores are in memory.
        Without(removal, userId, Read(userId)) is not null
        && await file.WriteAsync(() =>
        {
            var row = rows.Find(userId);
            if (Without(removal, userId, row) is not { } window)
                return false;
            rows.Replace(userId, window, row!.Value.Touched);
            return true;
        }, cancellationToken);

    /// <summary>The row's window without old texts; null if it has none, or cannot be read.</summary>
    private EncodedWindow? Without(TextRemoval removal, string userId, SqliteWindowRow? row) =>
        row is { Window: var stored } && altered.TryDecode(userId, stored) is { } window && removal.Apply(window) is { } changed
            ? stored with { Bytes = WindowCodec.Encode(changed) }
            : null;

    /// <summary>Reads a row beside the writes.</summary>
    private SqliteWindowRow? Read(string userId)
    {
        using var connection = file.Open();
        using var command = SqliteWindowFile.Command(connection, SqliteWindowSql.ReadWindow, ("$user", userId));
        return rows.Read(command, userId);
    }

    private Task<SqliteUserPage> ReadPageAsync(byte[] after, CancellationToken cancellationToken) =>
        file.WriteAsync(() => rows.ReadUsers(after), cancellationToken);

    /// <summary>Finds idle users beside the writes.</summary>
    private List<string> FindIdle(long before)
    {
        using var connection = file.Open();
        using var command = SqliteWindowFile.Command(connection, SqliteWindowSql.FindIdle, ("$before", before));
        var idle = new List<string>();
        using var found = command.ExecuteReader();
        while (found.Read())
            idle.Add(found.GetString(0));
        return idle;
    }

    private bool DropIfIdle(string userId, long before)
    {
        // The time of an altered window may be wrong.
        if (rows.Find(userId) is not { Window.IsAltered: false } row || row.Touched > before)
            return false;
        rows.Drop(userId);
        return true;
    }

    /// <param name="before">The user's window; null if there is none.</param>
    private void Write(string userId, EncodedWindow? before, WindowChange change)
    {
        if (change.Window is { } changed)
            rows.Write(userId, changed, rows.Now);
        if (change.Met is { } met)
            seen.Add(userId, met, isNew: before is null);
    }

    /// <summary>Runs a write that may make users due.</summary>
    private async Task<T> WriteAsync<T>(Func<T> write, CancellationToken cancellationToken)
    {
        var result = await file.WriteAsync(write, cancellationToken);
        signal.Raise();
        return result;
    }
}
