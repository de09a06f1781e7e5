using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace ProfileService.Windows;

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
    private readonly DueSignal _signal;
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Dictionary<string, SqliteCommand> _prepared = []; // of the writer
    private SqliteTransaction? _transaction; // the one under way
    private readonly SemaphoreSlim _turn = new(1);

    public SqliteWindowStore(string file, WindowAppender appender, DueSignal signal, IOptions<WindowOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _appender = appender;
        _signal = signal;
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
        return Task.FromResult(Read(command) is { } row
            ? new StoredWindow(WindowCodec.Decode(userId, row.Bytes), row.Revision)
            : null);
    }

    public async Task<long?> FindRevisionAsync(string userId, CancellationToken cancellationToken) => (await FindRevisionsAsync([userId], cancellationToken))[0];

    public Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var command = Command(connection, SqliteWindowSchema.ReadRevisions, ("$users", JsonSerializer.Serialize(userIds)));
        using var rows = command.ExecuteReader();
        var revisions = new Dictionary<string, long>();
        while (rows.Read())
            revisions[rows.GetString(0)] = rows.GetInt64(1);
        return Task.FromResult<IReadOnlyList<long?>>(
            [.. userIds.Select(id => revisions.TryGetValue(id, out var revision) ? revision : (long?)null)]);
    }

    public Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken) =>
        WriteAsync(() => LeaseAll(lease, SqliteWindowSchema.FindDue, ("$now", Now), ("$count", maxUsers)), cancellationToken);

    public async Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claims = await WriteAsync(() => LeaseAll(lease, SqliteWindowSchema.FindDueUser, ("$now", Now), ("$user", userId)), cancellationToken);
        return claims.SingleOrDefault();
    }

    public Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) =>
        ForEachAsync(claims, cancellationToken, SqliteWindowSchema.SettleUnchanged, SqliteWindowSchema.SettleChanged);

    public async Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken)
    {
        await ForEachAsync(claims, cancellationToken, SqliteWindowSchema.Release);
        _signal.Raise();
    }

    public async Task RaiseAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken)
    {
        await WriteAsync(() =>
        {
            foreach (var (userId, revision) in users)
            {
                if (Prepared(SqliteWindowSchema.Raise, ("$user", userId), ("$above", revision)).ExecuteNonQuery() > 0)
                    Prepared(SqliteWindowSchema.MarkDue, ("$user", userId), ("$now", Now)).ExecuteNonQuery();
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
                var empty = EncodedWindow.Empty(_time.GetUtcNow());
                Prepared(SqliteWindowSchema.Touch, ("$user", userId), ("$revision", empty.Revision), ("$now", Now), ("$events", empty.Bytes)).ExecuteNonQuery();
                Prepared(SqliteWindowSchema.MarkDue, ("$user", userId), ("$now", Now)).ExecuteNonQuery();
            }

            return userIds.Count;
        }, cancellationToken);
        _signal.Raise();
    }

    public async Task MarkDueAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await WriteAsync(() =>
        {
            foreach (var userId in userIds.Where(id => Read(Prepared(SqliteWindowSchema.ReadWindow, ("$user", id))) is not null))
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
            return (int)(long)Prepared(SqliteWindowSchema.DropIdle, ("$before", before)).ExecuteScalar()!;
        }, cancellationToken);

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _writer.Dispose();
        _turn.Dispose();
    }

    private void AppendToOne(EventsOfUser user, IReadOnlyList<UserEvent> events, Verdict[] verdicts)
    {
        var stored = Read(Prepared(SqliteWindowSchema.ReadWindow, ("$user", user.UserId)));
        if (_appender.Append(user, stored, events, verdicts) is not { } changed)
            return;
        Prepared(SqliteWindowSchema.WriteWindow, ("$user", user.UserId), ("$revision", changed.Revision), ("$now", Now), ("$events", changed.Bytes)).ExecuteNonQuery();
        Prepared(SqliteWindowSchema.MarkDue, ("$user", user.UserId), ("$now", Now)).ExecuteNonQuery();
    }

    private IReadOnlyList<Claim> LeaseAll(TimeSpan lease, string find, params ReadOnlySpan<(string, object)> parameters)
    {
        var due = new List<(string UserId, long Since)>();
        using (var rows = Prepared(find, parameters).ExecuteReader())
        {
            while (rows.Read())
                due.Add((rows.GetString(0), rows.GetInt64(1)));
        }

        var id = Guid.NewGuid();
        var until = Now + (long)lease.TotalMilliseconds;
        var claims = new List<Claim>(due.Count);
        foreach (var (userId, since) in due)
        {
            if (Read(Prepared(SqliteWindowSchema.ReadWindow, ("$user", userId))) is not { } window)
            {
                Prepared(SqliteWindowSchema.Forget, ("$user", userId)).ExecuteNonQuery(); // no window, nothing to refresh
                continue;
            }

            Prepared(SqliteWindowSchema.Lease, ("$user", userId), ("$since", since), ("$lease", id.ToByteArray()), ("$until", until)).ExecuteNonQuery();
            claims.Add(new Claim(userId, id, window.Revision, window.Bytes, DateTimeOffset.FromUnixTimeMilliseconds(since)));
        }

        return claims;
    }

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

    private static EncodedWindow? Read(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        return rows.Read() ? new EncodedWindow(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) : null;
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
}
