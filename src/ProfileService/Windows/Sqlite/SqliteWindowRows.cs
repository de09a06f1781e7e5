using Microsoft.Data.Sqlite;
using ProfileService.Platform;
using ProfileService.Windows.Codec;

namespace ProfileService.Windows.Sqlite;

/// <summary>
/// Reads and writes rows of users, for the windows and the due queue. Must be called within a
/// <see cref="SqliteWindowFile.WriteAsync"/>.
/// </summary>
internal sealed class SqliteWindowRows(SqliteWindowFile file, SqliteSeenItems seen, AlteredWindows altered, TimeProvider time)
{
    /// <summary>Maximum users of a page, so that no write takes long.</summary>
    public const int PageSize = 1_000;

    /// <summary>In Unix ms, like all times in the file.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public SqliteWindowRow? Find(string userId) => Read(file.Prepared(SqliteWindowSql.ReadWindow, ("$user", userId)), userId);

    /// <summary>Reads the result of a <see cref="SqliteWindowSql.ReadWindow"/>. May also be called outside of a write.</summary>
    public SqliteWindowRow? Read(SqliteCommand command, string userId)
    {
        using var rows = command.ExecuteReader();
        if (!rows.Read())
            return null;
        var window = SqliteWindowValue.Read(userId, rows.GetValue(0), rows.GetValue(1), rows.GetValue(2));
        altered.Check(userId, window);
        return new SqliteWindowRow(window, rows.GetValue(1) is long touched ? touched : 0);
    }

    /// <summary>The revision alone, for a window that cannot be read; null if the revision cannot be read either.</summary>
    public long? FindRevision(string userId)
    {
        using var rows = file.Prepared(SqliteWindowSql.ReadWindow, ("$user", userId)).ExecuteReader();
        return rows.Read() && SqliteWindowValue.ReadRevision(rows.GetValue(0)) is var revision and not CheckedRevision.Altered
            ? revision
            : null;
    }

    /// <summary>The next page of users that have a window, in the order of their ids.</summary>
    /// <param name="after">Where the page before ended; empty for the first.</param>
    public SqliteUserPage ReadUsers(byte[] after)
    {
        var (users, end) = (new List<string>(), after);
        using var found = file.Prepared(SqliteWindowSql.ReadUsers, ("$after", after), ("$count", PageSize)).ExecuteReader();
        for (; found.Read(); end = found.GetFieldValue<byte[]>(1))
            users.Add(found.GetString(0));
        return new SqliteUserPage(users, end);
    }

    /// <summary>Stores a window and makes its user due.</summary>
    public void Write(string userId, EncodedWindow window, long touched)
    {
        Replace(userId, window, touched);
        MarkDue(userId);
    }

    /// <summary>Stores a window whose profile stays as it is.</summary>
    public void Replace(string userId, EncodedWindow window, long touched)
    {
        var (revision, events) = SqliteWindowValue.Write(userId, window, touched);
        file.Prepared(
            SqliteWindowSql.WriteWindow, ("$user", userId), ("$revision", revision), ("$touched", touched), ("$events", events))
            .ExecuteNonQuery();
    }

    public void MarkDue(string userId) => file.Prepared(SqliteWindowSql.MarkDue, ("$user", userId), ("$now", Now)).ExecuteNonQuery();

    /// <summary>Removes the user from the due queue, with any claim.</summary>
    public void Forget(string userId) => file.Prepared(SqliteWindowSql.Forget, ("$user", userId)).ExecuteNonQuery();

    public void Drop(string userId)
    {
        Forget(userId);
        seen.Drop(userId);
        file.Prepared(SqliteWindowSql.Drop, ("$user", userId)).ExecuteNonQuery();
    }
}

/// <summary>A page of users.</summary>
/// <param name="End">The stored bytes of the last id.</param>
internal readonly record struct SqliteUserPage(List<string> Users, byte[] End);
