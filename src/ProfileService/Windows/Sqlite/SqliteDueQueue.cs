using Microsoft.Data.Sqlite;

namespace ProfileService.Windows.Sqlite;

/// <summary>The due queue in the SQLite file of the windows.</summary>
internal sealed class SqliteDueQueue(SqliteWindowFile file, SqliteWindowRows rows, DueSignal signal, LateReleases late) : IDueQueue
{
    public long KnownDue => file.ReadNumber(SqliteWindowSql.CountDue);

    public Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken) =>
        file.WriteAsync(() => LeaseAll(lease, SqliteWindowSql.FindDue, ("$count", maxUsers)), cancellationToken);

    public async Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claims = await file.WriteAsync(() => LeaseAll(lease, SqliteWindowSql.FindDueUser, ("$user", userId)), cancellationToken);
        return claims.SingleOrDefault();
    }

    public Task RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            var end = rows.Now + (long)lease.TotalMilliseconds;
            foreach (var claim in claims)
            {
                file.Prepared(
                    SqliteWindowSql.Renew, ("$user", claim.UserId), ("$lease", claim.Lease.ToByteArray()), ("$until", end))
                    .ExecuteNonQuery();
            }
        }, cancellationToken);

    public Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) =>
        EndAsync(claims, cancellationToken, SqliteWindowSql.SettleUnchanged, SqliteWindowSql.SettleChanged);

    public Task ReleaseAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        claims.Count == 0 ? Task.CompletedTask : late.TryAsync(() => ReleaseOnceAsync(claims), lease);

    public Task RaiseRevisionsAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken) =>
        MakeDueAsync(() =>
        {
            foreach (var (userId, profileRevision) in users)
            {
                if (rows.Find(userId) is { } row && WindowAppender.RaiseAbove(profileRevision, row.Window) is { } raised)
                    rows.Write(userId, raised, row.Touched);
            }
        }, cancellationToken);

    public Task MarkDueAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        MakeDueAsync(() =>
        {
            foreach (var userId in userIds.Where(id => rows.Find(id) is not null))
                rows.MarkDue(userId);
        }, cancellationToken);

    public async Task MarkAllDueAsync(CancellationToken cancellationToken)
    {
        for (var page = await MarkPageAsync([], cancellationToken); page.Users.Count > 0;
            page = await MarkPageAsync(page.End, cancellationToken))
        {
            signal.Raise();
        }
    }

    public Task WaitForDueAsync(TimeSpan atMost, CancellationToken cancellationToken) => signal.WaitAsync(atMost, cancellationToken);

    public Task<long> CountDueAsync(CancellationToken cancellationToken) => Task.FromResult(KnownDue);

    public Task<DueState?> FindAsync(string userId, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            using var found = file.Prepared(SqliteWindowSql.ReadDue, ("$user", userId)).ExecuteReader();
            return found.Read() ? new DueState(TimeAt(found, 0), TimeAt(found, 1), TimeAt(found, 2)) : null;
        }, cancellationToken);

    /// <summary>Makes the users of the next page due.</summary>
    private Task<SqliteUserPage> MarkPageAsync(byte[] after, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            var page = rows.ReadUsers(after);
            page.Users.ForEach(rows.MarkDue);
            return page;
        }, cancellationToken);

    private async Task ReleaseOnceAsync(IReadOnlyList<Claim> claims)
    {
        await EndAsync(claims, CancellationToken.None, SqliteWindowSql.Release);
        signal.Raise();
    }

    private async Task MakeDueAsync(Action make, CancellationToken cancellationToken)
    {
        await WriteAsync(make, cancellationToken);
        signal.Raise();
    }

    private Task EndAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken, params string[] statements) =>
        WriteAsync(() =>
        {
            foreach (var claim in claims)
            {
                foreach (var statement in statements)
                    file.Prepared(statement, ("$user", claim.UserId), ("$lease", claim.Lease.ToByteArray())).ExecuteNonQuery();
            }
        }, cancellationToken);

    private Task WriteAsync(Action write, CancellationToken cancellationToken) =>
        file.WriteAsync(() =>
        {
            write();
            return true;
        }, cancellationToken);

    private IReadOnlyList<Claim> LeaseAll(TimeSpan lease, string query, (string, object) parameter)
    {
        var now = rows.Now;
        var (id, end) = (Guid.NewGuid(), now + (long)lease.TotalMilliseconds);
        var claims = new List<Claim>();
        foreach (var (userId, since) in FindDue(query, now, Claim.LatestLeaseEnd(now, lease), parameter))
        {
            if (rows.Find(userId)?.Window is not { } window)
            {
                rows.Forget(userId); // without a window there is nothing to refresh
                continue;
            }

            file.Prepared(SqliteWindowSql.Lease, ("$user", userId), ("$since", since), ("$lease", id.ToByteArray()), ("$until", end))
                .ExecuteNonQuery();
            claims.Add(new Claim(userId, id, window.Revision, window.Bytes, Time(since)));
        }

        return claims;
    }

    private List<(string UserId, long Since)> FindDue(string query, long now, long latest, (string, object) parameter)
    {
        var due = new List<(string, long)>();
        using var found = file.Prepared(query, ("$now", now), ("$latest", latest), parameter).ExecuteReader();
        while (found.Read())
            due.Add((found.GetString(0), found.GetInt64(1)));
        return due;
    }

    private static DateTime? TimeAt(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : Time(row.GetInt64(column)).UtcDateTime;

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
