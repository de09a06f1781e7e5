using System.Text;
using Microsoft.Data.Sqlite;
using ProfileService.Privacy.Export;

namespace ProfileService.Tests.Privacy;

public sealed class SqliteExportTests : ExportContract
{
    private protected override IReadOnlyList<string> ExpectedPlaces =>
        ["attributes", "audit_log", "due", "erased", "erased_users", "pending_erasures", "profiles", "purposes", "seen", "windows"];

    [Fact]
    public async Task WindowThatCannotBeReadIsToldAndAllElseIsExported()
    {
        await FillAsync(Canary);
        Service.Damage(Canary);
        var lines = (await ExportAsync(Canary))[1..].ToLookup(SectionOf);
        var window = Assert.Single(lines["window"]);
        Assert.Contains("rebuild-windows", window.GetProperty("unreadable").GetString(), StringComparison.Ordinal);
        Assert.Empty(lines["events"]);
        Assert.Single(lines["profiles"]);
        Assert.Single(lines["attributes"]);
    }

    [Fact]
    public void WhatIsNotExportedIsNamedInTheDocumentation()
    {
        var paragraph = File.ReadLines(Repository.Path("docs/privacy.md")).Single(line => line.StartsWith("Not exported, ", StringComparison.Ordinal));
        Assert.All(ExportContents.WhatIsMissing.Keys, name => Assert.Contains($"(`{name}`)", paragraph, StringComparison.Ordinal));
    }

    private protected override Task<TestService> StartAsync() =>
        Task.FromResult(TestService.Without(Workers, ("Windows:RememberSeen", "true")));

    private protected override Task AddTableAsync(string sql)
    {
        using var connection = Open("profiles.db");
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    private protected override Task<IReadOnlyDictionary<string, long>> FindPlacesAsync()
    {
        var places = new Dictionary<string, long>();
        foreach (var file in Directory.GetFiles(Service.DataFolder, "*.db"))
        {
            using var connection = Open(file);
            foreach (var table in TablesOf(connection))
            {
                if (CountIn(connection, table) is > 0 and var rows)
                    places.Add(table, rows);
            }
        }

        return Task.FromResult<IReadOnlyDictionary<string, long>>(places);
    }

    private SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Service.DataFolder, file)};Pooling=False");
        connection.Open();
        return connection;
    }

    private static List<string> TablesOf(SqliteConnection connection)
    {
        using var command = new SqliteCommand("SELECT name FROM sqlite_master WHERE type = 'table'", connection);
        using var rows = command.ExecuteReader();
        var tables = new List<string>();
        while (rows.Read())
            tables.Add(rows.GetString(0));
        return tables;
    }

    private long CountIn(SqliteConnection connection, string table)
    {
        var (texts, count) = ((byte[][])[Encoding.UTF8.GetBytes(Canary), Encoding.UTF8.GetBytes(HashOf(Canary))], 0L);
        using var command = new SqliteCommand($"SELECT * FROM \"{table}\"", connection);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (Enumerable.Range(0, rows.FieldCount).Any(i => texts.Any(text => BytesOf(rows.GetValue(i)).AsSpan().IndexOf(text) >= 0)))
                count++;
        }

        return count;
    }

    private static byte[] BytesOf(object value) => value as byte[] ?? Encoding.UTF8.GetBytes($"{value}");
}
