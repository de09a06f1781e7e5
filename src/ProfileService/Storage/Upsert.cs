using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ProfileService.Storage;

/// <summary>The statement that stores many rows of a table, built from EF Core's model of the table and its rules.</summary>
internal sealed class Upsert
{
    /// <param name="source">Builds SQL for the new rows from the columns: a table <c>given</c> with an extra column <c>place</c>.</param>
    /// <param name="order">Builds an ORDER BY from the key's columns; may be empty.</param>
    public Upsert(IEntityType table, UpsertRules rules, Func<IEnumerable<string>, string> source, Func<IEnumerable<string>, string> order)
    {
        Rules = rules;
        Columns = [.. table.GetProperties().Where(p => p.GetColumnName() != rules.Computed?.Column)];
        string[] given = [.. Columns.Select(p => p.GetColumnName())];
        string[] key = [.. table.FindPrimaryKey()!.Properties.Select(p => p.GetColumnName())];
        (string[] all, string computed) = rules.Computed is var (column, sql) ? ([.. given, column], $", {sql}") : (given, "");
        Sql = $"""
            INSERT INTO {table.GetTableName()} ({List(all)})
            SELECT {List(given.Select(c => $"given.{c}"))}{computed} FROM {source([.. given, .. rules.Beside])}
            WHERE {rules.Allows} {order(key)}
            ON CONFLICT ({List(key)}) DO UPDATE SET {List(all.Except(key).Select(c => $"{c} = excluded.{c}"))} WHERE {rules.Replaces}
            """;
    }

    public string Sql { get; }

    public UpsertRules Rules { get; }

    /// <summary>The columns whose values come from the row, not from the database.</summary>
    public IReadOnlyList<IProperty> Columns { get; }

    private static string List(IEnumerable<string> parts) => string.Join(", ", parts);
}
