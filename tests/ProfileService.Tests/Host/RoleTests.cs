using static ProfileService.TestServers.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>Doors and refresh in processes of their own.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class RoleTests(TestServers servers)
{
    [Fact]
    public async Task DoorsTakeEventsInAndTheRefreshOfAnotherProcessComputesThem()
    {
        var server = await servers.RedisAsync();
        (string, string)[] settings =
        [
            ("ConnectionStrings:Redis", server.ConnectionString(server.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ];
        using var door = new TestService([.. settings, ("Hosting:Role", "api")]);
        await door.AcceptAsync([.. Enumerable.Range(0, 100).Select(u => Event(1, $"u{u}"))]);
        Assert.Equal(100, await DueAsync(door));

        using var refresh = new TestService([.. settings, ("Hosting:Role", "refresh")]);
        Assert.Equal(404, (await refresh.PostAsync("/v1/events", Event(2).Json())).Status);
        Assert.Equal(200, (await refresh.GetAsync("/health/ready")).Status);
        await Eventually.IsTrueAsync(async () => await DueAsync(door) == 0);
        await door.AcceptAsync(Event(3));
        await Eventually.IsTrueAsync(async () => (await door.GetAsync("/v1/users/u1/profile")).Json.GetProperty("eventCount").GetInt32() == 2);
    }

    [Fact]
    public async Task RoleWithoutRedisStopsTheStart()
    {
        using var data = new TempDirectory();
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(data, Repository.TinyPackage, "--Hosting:Role=api");
        Assert.Equal(1, exitCode);
        Assert.Contains("ConnectionStrings:Redis", output, StringComparison.Ordinal);
    }

    private static async Task<long> DueAsync(TestService service) => (await service.GetAsync("/v1/status")).Json.GetProperty("due").GetInt64();
}
