using ProfileService.Platform;

namespace ProfileService.Windows.Sqlite;

/// <summary>The marks of erased users in the file of the windows. For use within <see cref="SqliteWindowFile.WriteAsync"/>.</summary>
internal sealed class SqliteMarks(SqliteWindowFile file, UserHash hashes)
{
    private bool? _areAny; // once true, it stays so; one process has the file

    /// <summary>The user's mark; null if the user was not erased.</summary>
    public ErasureMark? Find(string userId)
    {
        _areAny ??= (long)file.Prepared(SqliteWindowSql.IsAnyErased).ExecuteScalar()! != 0;
        return _areAny == true ? FindByHash(hashes.Of(userId)) : null;
    }

    public ErasureMark? FindByHash(string hash) =>
        ErasureMark.From((byte[]?)file.Prepared(SqliteWindowSql.ReadMark, ("$hash", hash)).ExecuteScalar());

    public void Write(string hash, ErasureMark mark)
    {
        _areAny = true;
        file.Prepared(SqliteWindowSql.WriteMark, ("$hash", hash), ("$mark", mark.ToBytes())).ExecuteNonQuery();
    }
}
