using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows.Codec;

namespace ProfileService.Windows.Sqlite;

/// <summary>
/// Windows in one SQLite file in WAL mode. Writers take turns in one transaction each; readers never wait for them.
/// SQLite does its work on the calling thread, so the methods complete before they return but for the wait for a turn.
/// </summary>
internal sealed class SqliteWindowStore : IWindowStore, IDisposable
{
    private const int SecondsToWait = 5; // for another process that has the file locked

    private readonly WindowOptions _options;
    private readonly TimeProvider _time;
    private readonly WindowAppender _appender;
    private readonly AlteredWindows _altered;
    private readonly DueSignal _signal;
    private readonly LateReleases _late;
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Dictionary<string, SqliteCommand> _prepared = []; // of the writer
    private SqliteTransaction? _transaction; // the one under way
    private readonly SemaphoreSlim _turn = new(1);

    public SqliteWindowStore(
        string file, WindowAppender appender, AlteredWindows altered, DueSignal signal, LateReleases late, IOptions<WindowOptions> options,
        TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _appender = appender;
        _altered = altered;
        _signal = signal;
        _late = late;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = SecondsToWait }.ToString();
        _writer = Open();
        using var create = Command(_writer, SqliteWindowSchema.Create);
        create.ExecuteNonQuery();
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public long KnownDue => Scalar(SqliteWindowSchema.CountDue);

    public async Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken)
    {
        var verdicts = await WriteAsync(() =>
        {
            var verdicts = new Verdict[events.Count];
            foreach (var user in EventsOfUser.In(events))
                AppendToOne(user, events, verdicts);
            return verdicts;
        }, cancellationToken);
        _signal.Raise();
        return verdicts;
    }

    public Task<StoredWindow?> FindAsync(string userId, CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var command = Command(connection, SqliteWindowSchema.ReadWindow, ("$user", userId));
        return Task.FromResult(_altered.Decode(userId, Read(command, userId)?.Window));
    }

    public async Task<long?> FindRevisionAsync(string userId, CancellationToken cancellationToken) => (await FindRevisionsAsync([userId], cancellationToken))[0];

    public Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var command = Command(connection, SqliteWindowSchema.ReadRevisions, ("$users", JsonSerializer.Serialize(userIds)));
        using var rows = command.ExecuteReader();
        var revisions = new Dictionary<string, long>();
        while (rows.Read())
            revisions[rows.GetString(0)] = SqliteWindowValue.ReadRevision(rows.GetValue(1));
        return Task.FromResult<IReadOnlyList<long?>>(
            [.. userIds.Select(id => revisions.TryGetValue(id, out var revision) ? _altered.Check(id, revision) : null)]);
    }

    public Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken) =>
        WriteAsync(() => LeaseAll(lease, SqliteWindowSchema.FindDue, ("$count", maxUsers)), cancellationToken);

    public async Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claims = await WriteAsync(() => LeaseAll(lease, SqliteWindowSchema.FindDueUser, ("$user", userId)), cancellationToken);
        return claims.SingleOrDefault();
    }

    public Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) =>
        ForEachAsync(claims, cancellationToken, SqliteWindowSchema.SettleUnchanged, SqliteWindowSchema.SettleChanged);

    public Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) =>
        claims.Count == 0 ? Task.CompletedTask : _late.TryAsync(() => ReleaseOnceAsync(claims), claims.Max(c => c.LeaseEnd));

    public async Task RaiseAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken)
    {
        await WriteAsync(() =>
        {
            foreach (var (userId, above) in users)
            {
                if (Find(userId) is { Window.IsRefused: false } row && row.Window.Revision < above)
                    Write(userId, row.Window with { Revision = above + 1 }, row.Touched);
            }

            return users.Count;
        }, cancellationToken);
        _signal.Raise();
    }

    public async Task TouchAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await WriteAsync(() =>
        {
            foreach (var userId in userIds)
            {
                if (Find(userId) is not { } row)
                    Write(userId, EncodedWindow.Empty(_time.GetUtcNow()), Now);
                else if (!row.Window.IsRefused)
                    Write(userId, row.Window with { Revision = row.Window.Revision + 1 }, Now);
            }

            return userIds.Count;
        }, cancellationToken);
        _signal.Raise();
    }

    public async Task<bool> MendAsync(string userId, IReadOnlyList<UserEvent> events, CancellationToken cancellationToken)
    {
        var isMended = await WriteAsync(() =>
        {
            if (_appender.CanRead(userId, Find(userId)?.Window))
                return false;
            Write(userId, _appender.Anew(userId, FindRevision(userId), events), Now);
            return true;
        }, cancellationToken);
        if (!isMended)
            await AppendAsync(events, cancellationToken);
        _signal.Raise();
        return isMended;
    }

    public async Task MarkDueAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await WriteAsync(() =>
        {
            foreach (var userId in userIds.Where(id => Find(id) is not null))
                Prepared(SqliteWindowSchema.MarkDue, ("$user", userId), ("$now", Now)).ExecuteNonQuery();
            return userIds.Count;
        }, cancellationToken);
        _signal.Raise();
    }

    public async Task MarkAllDueAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(() => Prepared(SqliteWindowSchema.MarkAllDue, ("$now", Now)).ExecuteNonQuery(), cancellationToken);
        _signal.Raise();
    }

    public Task WaitForDueAsync(TimeSpan atMost, CancellationToken cancellationToken) => _signal.WaitAsync(atMost, cancellationToken);

    public Task<long> CountDueAsync(CancellationToken cancellationToken) => Task.FromResult(Scalar(SqliteWindowSchema.CountDue));

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) => Task.FromResult(Scalar(SqliteWindowSchema.IsEmpty) != 0);

    public Task<int> DropIdleAsync(CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            var before = Now - (long)_options.IdleTtl.TotalMilliseconds;
            var idle = new List<string>();
            using (var rows = Prepared(SqliteWindowSchema.FindIdle, ("$before", before)).ExecuteReader())
            {
                while (rows.Read())
                    idle.Add(rows.GetString(0));
            }

            idle.RemoveAll(userId => Find(userId) is not { Window.IsRefused: false }); // nor one whose time may be wrong
            foreach (var userId in idle)
            {
                Prepared(SqliteWindowSchema.Forget, ("$user", userId)).ExecuteNonQuery();
                Prepared(SqliteWindowSchema.Drop, ("$user", userId)).ExecuteNonQuery();
            }

            return idle.Count;
        }, cancellationToken);

    /// <summary>
    /// Writes a user as an append does and takes it back, in one transaction that is committed: fails where an append would.
    /// </summary>
    public Task ProbeAsync() =>
        WriteAsync(() =>
        {
            var (user, empty) = ($"{Guid.NewGuid():N}", EncodedWindow.Empty(_time.GetUtcNow()));
            Write(user, empty, Now);
            Prepared(SqliteWindowSchema.Forget, ("$user", user)).ExecuteNonQuery();
            return Prepared(SqliteWindowSchema.Drop, ("$user", user)).ExecuteNonQuery();
        }, CancellationToken.None);

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _writer.Dispose();
        _turn.Dispose();
    }

    private async Task ReleaseOnceAsync(IReadOnlyList<Claim> claims)
    {
        await ForEachAsync(claims, CancellationToken.None, SqliteWindowSchema.Release);
        _signal.Raise();
    }

    private void AppendToOne(EventsOfUser user, IReadOnlyList<UserEvent> events, Verdict[] verdicts)
    {
        if (_appender.Append(user, Find(user.UserId)?.Window, events, verdicts) is { } changed)
            Write(user.UserId, changed, Now);
    }

    /// <summary>Stores a window and makes its user due.</summary>
    private void Write(string userId, EncodedWindow window, long touched)
    {
        var (revision, events) = SqliteWindowValue.Write(userId, window, touched);
        Prepared(SqliteWindowSchema.WriteWindow, ("$user", userId), ("$revision", revision), ("$now", touched), ("$events", events)).ExecuteNonQuery();
        Prepared(SqliteWindowSchema.MarkDue, ("$user", userId), ("$now", Now)).ExecuteNonQuery();
    }

    private Row? Find(string userId) => Read(Prepared(SqliteWindowSchema.ReadWindow, ("$user", userId)), userId);

    /// <summary>The revision of a window that cannot be read; null where that cannot either.</summary>
    private long? FindRevision(string userId)
    {
        using var rows = Prepared(SqliteWindowSchema.ReadWindow, ("$user", userId)).ExecuteReader();
        return rows.Read() && SqliteWindowValue.ReadRevision(rows.GetValue(0)) is var revision and not CheckedRevision.Altered ? revision : null;
    }

    private IReadOnlyList<Claim> LeaseAll(TimeSpan lease, string find, (string, object) whom)
    {
        var now = Now;
        var due = new List<(string UserId, long Since)>();
        using (var rows = Prepared(find, ("$now", now), ("$latest", Claim.LatestLeaseEnd(now, lease)), whom).ExecuteReader())
        {
            while (rows.Read())
                due.Add((rows.GetString(0), rows.GetInt64(1)));
        }

        var id = Guid.NewGuid();
        var until = now + (long)lease.TotalMilliseconds;
        var claims = new List<Claim>(due.Count);
        foreach (var (userId, since) in due)
        {
            if (Find(userId)?.Window is not { } window)
            {
                Prepared(SqliteWindowSchema.Forget, ("$user", userId)).ExecuteNonQuery(); // no window, nothing to refresh
                continue;
            }

            Prepared(SqliteWindowSchema.Lease, ("$user", userId), ("$since", since), ("$lease", id.ToByteArray()), ("$until", until)).ExecuteNonQuery();
            claims.Add(new Claim(userId, id, window.Revision, window.Bytes, Time(since), Time(until)));
        }

        return claims;
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private Task ForEachAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken, params string[] statements) =>
        WriteAsync(() =>
        {
            foreach (var claim in claims)
            {
                foreach (var statement in statements)
                    Prepared(statement, ("$user", claim.UserId), ("$lease", claim.Lease.ToByteArray())).ExecuteNonQuery();
            }

            return claims.Count;
        }, cancellationToken);

    private async Task<T> WriteAsync<T>(Func<T> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using var transaction = _transaction = _writer.BeginTransaction();
            var result = write();
            transaction.Commit();
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    private Row? Read(SqliteCommand command, string userId)
    {
        using var rows = command.ExecuteReader();
        if (!rows.Read())
            return null;
        var window = SqliteWindowValue.Read(userId, rows.GetValue(0), rows.GetValue(1), rows.GetValue(2));
        _altered.Check(userId, window);
        return new Row(window, rows.GetValue(1) is long touched ? touched : 0);
    }

    private long Scalar(string sql)
    {
        using var connection = Open();
        using var command = Command(connection, sql);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>A statement of the writer, compiled once; to be run before it is asked for again, and only by whoever has the turn.</summary>
    private SqliteCommand Prepared(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
            _prepared[sql] = command = Command(_writer, sql, parameters);
        foreach (var (name, value) in parameters)
            command.Parameters[name].Value = value;
        command.Transaction = _transaction;
        return command;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = new SqliteCommand(sql, connection);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var settings = Command(connection, SqliteWindowSchema.Connection);
        settings.ExecuteNonQuery();
        return connection;
    }

    private readonly record struct Row(EncodedWindow Window, long Touched);
}
