namespace ProfileService.Windows.Sqlite;

/// <summary>The items that users met, in the file of the windows.</summary>
internal sealed class SqliteSeenItems(SqliteWindowFile file)
{
    /// <summary>May be called beside the writes.</summary>
    public SeenItems? Read(string userId)
    {
        using var connection = file.Open();
        using var command = SqliteWindowFile.Command(connection, SqliteWindowSql.ReadSeen, ("$user", userId));
        return SeenItems.From(command.ExecuteScalar() as byte[]);
    }

    /// <summary>Must be called within a <see cref="SqliteWindowFile.WriteAsync"/>, as all that follow.</summary>
    public SeenItems? Find(string userId) =>
        SeenItems.From(file.Prepared(SqliteWindowSql.ReadSeen, ("$user", userId)).ExecuteScalar() as byte[]);

    /// <param name="isNew">Whether the user had no window, so that whatever is here is not of this one.</param>
    public void Add(string userId, MetItems met, bool isNew)
    {
        var whole = SeenItems.From(met.Whole.ToArray())!;
        if (!isNew && Find(userId) is { } found)
            whole.Add(found);
        file.Prepared(SqliteWindowSql.WriteSeen, ("$user", userId), ("$filter", whole.Filter.ToArray())).ExecuteNonQuery();
    }

    public void Drop(string userId) => file.Prepared(SqliteWindowSql.DropSeen, ("$user", userId)).ExecuteNonQuery();
}
