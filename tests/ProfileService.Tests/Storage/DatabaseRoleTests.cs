using Npgsql;
using ProfileService.Tests.Cli;

namespace ProfileService.Tests.Storage;

/// <summary>What the running service's role may and may not, as deploy/postgres says.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class DatabaseRoleTests(TestServers servers) : IDisposable
{
    private readonly TempDirectory _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ServiceStartsOnceTheOwnerMigratedAndGranted()
    {
        var database = await (await servers.PostgresAsync()).CreateEmptyDatabaseAsync();
        await PostgresRoles.MakeAsync(database);
        Assert.Contains("permission denied for schema public", await FailsAsync(database), StringComparison.Ordinal);
        await MigrateAsync(database);
        Assert.Contains("permission denied for table", await FailsAsync(database), StringComparison.Ordinal);
        await PostgresRoles.GrantAsync(database);
        using var service = await ServiceProcess.StartAsync(_data, Settings(PostgresRoles.AsService(database)));
        Assert.Equal(202, (int)(await service.PostEventsAsync(TestEvents.Event(1).Json())).StatusCode);
        Assert.Contains("\"revision\"", await service.GetAsync("/v1/users/u1/profile?fresh=true"), StringComparison.Ordinal);
        Assert.Equal(1L, await ValueAsync(database, "SELECT count(*) FROM profiles_service.events"));
    }

    /// <summary>One role made the tables, and the archive with them.</summary>
    [Fact]
    public async Task DatabaseOfBeforeIsHandedOverAsItIs()
    {
        var database = await (await servers.PostgresAsync()).CreateEmptyDatabaseAsync();
        using (var before = new TestService(("ConnectionStrings:Postgres", database), ("Events:Archive", "Postgres")))
        {
            await before.AcceptAsync(TestEvents.Event(1));
            Assert.Equal(200, (await before.FreshAsync("u1")).Status);
        }

        await PostgresRoles.MakeAsync(database);
        await PostgresRoles.MigrateAsync(database);
        using var service = new TestService(("ConnectionStrings:Postgres", PostgresRoles.AsService(database)), ("Events:Archive", "Postgres"));
        Assert.Equal(200, (await service.GetAsync("/v1/users/u1/profile")).Status);
        await service.AcceptAsync(TestEvents.Event(2));
        Assert.Equal(2L, await ValueAsync(database, "SELECT count(*) FROM profiles_service.events"));
    }

    [Theory]
    [InlineData("DROP TABLE items")]
    [InlineData("ALTER TABLE profiles ADD extra text")]
    [InlineData("CREATE TABLE public.other (a int)")]
    [InlineData("TRUNCATE attributes")]
    [InlineData("DROP TRIGGER audit_log_is_append_only ON audit_log")]
    [InlineData("ALTER TABLE audit_log DISABLE TRIGGER ALL")]
    [InlineData("UPDATE audit_log SET status = 200")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("INSERT INTO api_keys (id, name, hash, scopes, created_at) VALUES ('a', 'a', '', 'admin', now())")]
    [InlineData("UPDATE api_keys SET scopes = 'admin'")]
    [InlineData("UPDATE \"__EFMigrationsHistory\" SET \"ProductVersion\" = ''")]
    [InlineData("CREATE TEMPORARY TABLE other (a int)")]
    [InlineData("CREATE ROLE other")]
    [InlineData("SET ROLE profiles_owner")]
    [InlineData("SELECT pg_read_file('PG_VERSION')")]
    public async Task RunningServiceMayNot(string sql)
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Token));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task KeysAreMadeByTheOwnerAlone()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        var (exitCode, output) = await CreateKeyAsync(database);
        Assert.Equal(1, exitCode);
        Assert.Contains("permission denied for table api_keys", output, StringComparison.Ordinal);
        (exitCode, output) = await CreateKeyAsync(PostgresRoles.AsOwner(database));
        Assert.True(exitCode == 0, output);
    }

    public void Dispose() => _data.Dispose();

    private static Task<(int ExitCode, string Output)> CreateKeyAsync(string database) =>
        CliProcess.RunAsync("keys", "create", "first", "--scopes", "all", "--", $"--ConnectionStrings:Postgres={database}");

    private static string[] Settings(string database) => [$"--ConnectionStrings:Postgres={database}", "--Events:Archive=Postgres"];

    private static async Task<object?> ValueAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(PostgresRoles.AsSuperuser(database));
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }

    private async Task<string> FailsAsync(string database)
    {
        var settings = Settings(PostgresRoles.AsService(database));
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, settings);
        Assert.Equal(1, exitCode);
        return output;
    }

    private async Task MigrateAsync(string database)
    {
        var settings = Settings(PostgresRoles.AsOwner(database));
        Assert.Equal(0, (await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, ["--migrate-only", .. settings])).ExitCode);
    }
}
