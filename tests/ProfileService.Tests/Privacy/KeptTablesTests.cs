using System.Diagnostics;
using Npgsql;

namespace ProfileService.Tests.Privacy;

/// <summary>The commands of docs/privacy.md that keep tables of the database apart from its backups, and put them back.</summary>
[Needs(Need.Server)]
public sealed class KeptTablesTests : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private PostgresServer? _postgres;
    private string _database = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.StartInFolderAsync(); // on this machine, where pg_dump is of its version
        _database = await _postgres.CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task WhatIsPutBackIsAsItWasAndAliasesAreMovedAgain()
    {
        await ExecuteAsync("""
            INSERT INTO ledger_key VALUES (1, 'check', '\x01');
            INSERT INTO api_keys VALUES ('k1', 'shop', '\x02', 'events:write', now(), NULL, now());
            INSERT INTO alias_sequence VALUES (1, 7);
            INSERT INTO user_aliases VALUES ('visitor', 'ada', 0, now(), now(), 7);
            """);
        await RunAsync("pg_dump ");

        // As an older backup has it.
        await ExecuteAsync("""
            UPDATE api_keys SET revoked_at = NULL;
            INSERT INTO api_keys VALUES ('k0', 'old', '\x03', 'events:write', now());
            UPDATE alias_sequence SET last = 6;
            DELETE FROM user_aliases;
            """);
        await RunAsync("psql ");

        Assert.Equal("k1 true", await ReadAsync("SELECT string_agg(id || ' ' || (revoked_at IS NOT NULL)::text, ', ') FROM api_keys"));
        Assert.Equal("visitor ada 7", await ReadAsync("SELECT user_id || ' ' || person_id || ' ' || last FROM user_aliases, alias_sequence WHERE moved_at IS NULL"));
        Assert.Equal("check", await ReadAsync("SELECT \"check\" FROM ledger_key"));
    }

    /// <summary>As the service, whose rights must be what they were.</summary>
    private async Task<string?> ReadAsync(string sql)
    {
        await using var postgres = NpgsqlDataSource.Create($"{_database};Pooling=false");
        await using var command = postgres.CreateCommand(sql);
        return (string?)await command.ExecuteScalarAsync(Token);
    }

    private Task ExecuteAsync(string sql) => PostgresRoles.ExecuteAsync(_database, sql);

    /// <summary>Runs the page's command that begins with this.</summary>
    private async Task RunAsync(string beginning)
    {
        var command = (await File.ReadAllLinesAsync(Repository.Path("docs/privacy.md"), Token))
            .Single(line => line.StartsWith($"    {beginning}", StringComparison.Ordinal));
        var to = new NpgsqlConnectionStringBuilder(PostgresRoles.AsOwner(_database));
        var start = Tool.StartInfo("bash", ["-euo", "pipefail", "-c", command], _folder.Path);
        foreach (var (name, value) in new[] { ("HOST", to.Host), ("PORT", $"{to.Port}"), ("USER", to.Username), ("DATABASE", to.Database) })
            start.Environment[$"PG{name}"] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, $"{command}\n{await output}{await errors}");
    }
}
