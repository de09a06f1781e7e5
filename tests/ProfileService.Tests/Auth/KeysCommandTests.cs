using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Npgsql;
using ProfileService.Auth;
using ProfileService.Client;
using ProfileService.Platform;
using static ProfileService.TestServers.Common.TestEvents;
using ProfileService.Tests.Cli;

namespace ProfileService.Tests.Auth;

/// <summary>Keys from their making to their end, as the person who operates a service has them.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class KeysCommandTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task KeyIsMadeBesideARunningServiceUsedRotatedAndRevoked(bool onPostgres)
    {
        using var data = new TempDirectory();
        var (settings, ofService) = await SettingsAsync(data, onPostgres);
        using var service = await ServiceProcess.StartAsync(data, ["--Auth:Mode=Keys", .. ofService]);

        var key = await KeyAsync(["create", "shop", "--scopes", "events:write,profiles:read", "--requests", "1000"], settings);
        await AnswersAsync(service, key, HttpStatusCode.OK);
        Assert.DoesNotContain(key, service.Output, StringComparison.Ordinal);
        var (_, list) = await CliProcess.RunAsync(["keys", "list", "--", .. settings]);
        Assert.Contains(ApiKey.IdOf(key)!, list, StringComparison.Ordinal);
        Assert.Contains("events:write profiles:read", list, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list, StringComparison.Ordinal);

        var renewed = await KeyAsync(["rotate", ApiKey.IdOf(key)!], settings);
        await AnswersAsync(service, renewed, HttpStatusCode.OK);
        await AnswersAsync(service, key, HttpStatusCode.OK); // both live

        Assert.Equal(0, (await CliProcess.RunAsync(["keys", "revoke", ApiKey.IdOf(key)!, "--", .. settings])).ExitCode);
        await AnswersAsync(service, key, HttpStatusCode.Unauthorized);
        await AnswersAsync(service, renewed, HttpStatusCode.OK);
        await Eventually.IsTrueAsync(async () =>
            !(await CliProcess.RunAsync(["keys", "list", "--", .. settings])).Output.Split('\n').Any(l => l.Contains(ApiKey.IdOf(renewed)!, StringComparison.Ordinal) && l.TrimEnd().EndsWith("never", StringComparison.Ordinal)));
        var (exitCode, output) = await CliProcess.RunAsync(["keys", "rotate", ApiKey.IdOf(key)!, "--", .. settings]);
        Assert.Equal(1, exitCode);
        Assert.Contains("was revoked", output, StringComparison.Ordinal);
        (exitCode, output) = await CliProcess.RunAsync(["keys", "revoke", "000000000000", "--", .. settings]);
        Assert.Equal(1, exitCode);
        Assert.Contains("There is no key with the id 000000000000", output, StringComparison.Ordinal);
        Assert.Matches(@"\d+:[0-9a-f]{64}", (await CliProcess.RunAsync(["audit", "verify", "--", .. settings])).Output);
    }

    [Fact]
    public async Task KeyMayNeverEndAndSoMayTheOneBeforeIt()
    {
        using var data = new TempDirectory();
        var settings = new[] { $"--Data:Directory={data.Path}" };
        var key = await KeyAsync(["create", "shop", "--scopes", "all", "--expires", "never"], settings);
        await KeyAsync(["rotate", ApiKey.IdOf(key)!, "--overlap", "never", "--expires", "never"], settings);
        await KeyAsync(["rotate", ApiKey.IdOf(key)!, "--overlap", "never", "--expires", "12h"], settings);

        var (_, list) = await CliProcess.RunAsync(["keys", "list", "--", .. settings]);
        Assert.Equal(2, Regex.Count(list, @"\bnever\s+never\b")); // of those that never end, none was ever used
    }

    [Fact]
    public async Task KeyIsRefusedOnceItsOverlapIsOver()
    {
        using var keyed = new KeyedService();
        var key = await keyed.KeyAsync();
        await keyed.ExpireAsync(key);
        Assert.Equal("credentials_expired", (await keyed.Service.GetAsync("/v1/status", KeyedService.Bearer(key))).Problem(401).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("'users:write' is not a scope", "create", "x", "--scopes", "users:write")]
    [InlineData("Option '--scopes' is required", "create", "x")]
    [InlineData("--scopes names no scope", "create", "x", "--scopes", ",")]
    [InlineData("--expires takes a span", "create", "x", "--scopes", "all", "--expires", "soon")]
    [InlineData("--expires takes a span", "create", "x", "--scopes", "all", "--expires", "0d")]
    [InlineData("at most 36,500 days", "create", "x", "--scopes", "all", "--expires", "36501d")]
    [InlineData("--requests must be a whole number, 1 to 2,147,483,647", "create", "x", "--scopes", "all", "--requests", "0")]
    [InlineData("NAME is missing", "create", "--scopes", "all")]
    [InlineData("ID is missing", "rotate")]
    [InlineData("ID is missing", "revoke")]
    [InlineData("There is no profiles.db", "revoke", "000000000000")]
    [InlineData("There is no profiles.db", "list")]
    public async Task WrongCommandSaysWhatIsWrongAndMakesNoKey(string said, params string[] arguments)
    {
        using var data = new TempDirectory();
        var (exitCode, output) = await CliProcess.RunAsync(["keys", .. arguments, "--", $"--Data:Directory={data.File("none")}"]);
        Assert.Equal(1, exitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.DoesNotContain("psk_", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.File("none")));
    }

    [Theory]
    [InlineData("keys", "list")]
    [InlineData("keys", "rotate", "000000000000")]
    [InlineData("audit", "verify")]
    [InlineData("rebuild-windows")]
    public async Task CommandOfAServiceThatIsNotThereMakesNoFolder(params string[] command)
    {
        using var data = new TempDirectory();
        var (exitCode, output) = await CliProcess.RunAsync([.. command, "--", $"--Data:Directory={data.File("none")}"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("Give this command the settings of the service.", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.File("none")));
    }

    [Theory]
    [InlineData("> full")]
    [InlineData(">&-")]
    public async Task KeyThatNobodySawIsRevoked(string output)
    {
        using var data = new TempDirectory();
        var key = await KeyAsync(["create", "shop", "--scopes", "all"], [$"--Data:Directory={data.Path}"]);
        foreach (var command in (string[])["create lost --scopes all", $"rotate {ApiKey.IdOf(key)}"])
        {
            var (exitCode, _, error) = await CliProcess.ShellAsync(
                $"[ -c full ] || mknod full c 1 7 || ln -s /dev/full full; profiles keys {command} -- --Data:Directory=. {output}", data.Path);
            Assert.True(exitCode == 1, error);
            Assert.Matches("The output cannot be written: .* The key [0-9a-f]{12} was not shown, and was revoked.", error);
        }

        var (_, list) = await CliProcess.RunAsync("keys", "list", "--", $"--Data:Directory={data.Path}");
        var valid = Assert.Single(list.Split('\n'), line => line.Contains(" valid ", StringComparison.Ordinal));
        Assert.Contains(ApiKey.IdOf(key)!, valid, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xx")]
    [InlineData("7:abc")]
    [InlineData("0:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task WhatIsNoRowAndHashDoesNotMakeTheLogABrokenOne(string contains)
    {
        using var data = new TempDirectory();
        await KeyAsync(["create", "shop", "--scopes", "all"], [$"--Data:Directory={data.Path}"]);
        var (exitCode, output) = await CliProcess.RunAsync("audit", "verify", "--contains", contains, "--", $"--Data:Directory={data.Path}");
        Assert.Equal(1, exitCode);
        Assert.StartsWith("--contains must be ROW:HASH", output, StringComparison.Ordinal);
        var row = (await CliProcess.RunAsync("audit", "verify", "--", $"--Data:Directory={data.Path}")).Output.Trim();
        (exitCode, _) = await CliProcess.RunAsync(
            "audit", "verify", "--contains", row.ToUpperInvariant(), "--", $"--Data:Directory={data.Path}");
        Assert.Equal(0, exitCode);
    }

    [Theory]
    [InlineData("audit", "verify")]
    [InlineData("keys", "list")]
    public async Task CommandThatOnlyReadsMakesNoTables(params string[] command)
    {
        var database = await (await servers.PostgresAsync()).CreateEmptyDatabaseAsync();
        var (exitCode, output) = await CliProcess.RunAsync([.. command, "--", $"--ConnectionStrings:Postgres={database}"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("does not have the tables of this version", output, StringComparison.Ordinal);
        await using var source = NpgsqlDataSource.Create(database);
        await using var tables = source.CreateCommand("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
        Assert.Equal(0L, await tables.ExecuteScalarAsync(Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FirstKeyMakesTheTables(bool onPostgres)
    {
        using var data = new TempDirectory();
        var database = onPostgres
            ? $"--ConnectionStrings:Postgres={await (await servers.PostgresAsync()).CreateEmptyDatabaseAsync()}"
            : $"--Data:Directory={data.Path}";
        var key = await KeyAsync(["create", "first", "--scopes", "all"], [database]);
        Assert.Contains(ApiKey.IdOf(key)!, (await CliProcess.RunAsync("keys", "list", "--", database)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandsAndTheClientSendTheKeyThatTheyAreGiven()
    {
        using var keyed = new KeyedService();
        using var folder = new TempDirectory();
        var (url, key) = (keyed.Service.Client.BaseAddress!, await keyed.KeyAsync(Scopes.EventsWrite, Scopes.ProfilesRead));
        await File.WriteAllTextAsync(folder.File("key"), $"{key}\n", Token);
        await File.WriteAllTextAsync(folder.File("events"), Event(1, "ada").Json(), Token);
        string[] replay = ["replay", folder.File("events"), "--url", url.ToString()];
        var (exitCode, output) = await CliProcess.RunInAsync([("PROFILES_KEY", "")], replay);
        Assert.Equal(1, exitCode);
        Assert.Contains("PROFILES_KEY", output, StringComparison.Ordinal);
        foreach (var variable in ((string, string)[])[("PROFILES_KEY", key), ("PROFILES_KEY_FILE", folder.File("key"))])
            Assert.Equal(0, (await CliProcess.RunInAsync([variable], replay)).ExitCode);

        var client = ProfileServiceClient.Create(url, key: key);
        Assert.Equal(1, (await client.GetProfileAsync("ada", fresh: true, cancellationToken: Token))!.EventCount);
        Assert.Equal(["events:write", "profiles:read"], (await client.GetAccessAsync(Token)).Scopes);
        var refused = await Assert.ThrowsAsync<ProfileServiceException>(() => client.GetWindowAsync("ada", Token));
        Assert.Equal((HttpStatusCode.Forbidden, "scope_missing"), (refused.Status, refused.Code));
    }

    /// <summary>Settings of the command, and those of the service, which may less.</summary>
    private async Task<(string[] OfCommand, string[] OfService)> SettingsAsync(TempDirectory data, bool onPostgres)
    {
        if (!onPostgres)
            return ([$"--Data:Directory={data.Path}"], []);
        var postgres = await servers.PostgresAsync();
        var database = await postgres.CreateDatabaseAsync();
        var owner = postgres.ConnectionString(new NpgsqlConnectionStringBuilder(database).Database!);
        return ([$"--ConnectionStrings:Postgres={owner}"], [$"--ConnectionStrings:Postgres={database}"]);
    }

    private static async Task<string> KeyAsync(string[] arguments, string[] settings)
    {
        var (exitCode, output) = await CliProcess.RunAsync(["keys", .. arguments, "--", .. settings]);
        Assert.True(exitCode == 0, output);
        return output.Split('\n')[0];
    }

    private static async Task AnswersAsync(ServiceProcess service, string key, HttpStatusCode status) => await Eventually.IsTrueAsync(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await service.Client.SendAsync(request, Token);
        return response.StatusCode == status;
    });
}
