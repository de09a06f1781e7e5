using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>API and refresh in processes of their own.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class HostingRoleTests(TestServers servers)
{
    [Fact]
    public async Task ApiTakesEventsInAndTheRefreshOfAnotherProcessComputesThem()
    {
        var server = await servers.RedisAsync();
        (string, string)[] settings =
        [
            ("ConnectionStrings:Redis", server.ConnectionString(server.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ];
        using var api = new TestService([.. settings, ("Hosting:Role", "api")]);
        await api.AcceptAsync([.. Enumerable.Range(0, 100).Select(u => Event(1, $"u{u}"))]);
        Assert.Equal(100, (await api.GetAsync("/v1/status")).Json.GetProperty("due").GetInt64());

        using var refresh = new TestService([.. settings, ("Hosting:Role", "refresh")]);
        Assert.Equal(404, (await refresh.PostAsync("/v1/events", Event(2).Json())).Status);
        await refresh.Client.ReadyAsync(200);
        await api.Client.NobodyIsDueAsync();
        await api.AcceptAsync(Event(3));
        await Eventually.IsTrueAsync(async () => await api.GetAsync("/v1/users/u1/profile") is { Status: 200 } reply && reply.Json.GetProperty("eventCount").GetInt32() == 2);
    }

    [Fact]
    public async Task RoleWithoutRedisStopsTheStart()
    {
        using var data = new TempDirectory();
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(data, Repository.TinyPackage, "--Hosting:Role=api");
        Assert.Equal(1, exitCode);
        Assert.Contains("ConnectionStrings:Redis", output, StringComparison.Ordinal);
    }
}
