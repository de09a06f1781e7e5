using ProfileService.Tests.Cli;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Faults;

[Needs(Need.Server, Need.Process)]
public sealed class LostRedisTests(TestServers servers)
{
    [Fact]
    public async Task WindowsAndVectorsComeBackFromTheArchiveAfterAFlush()
    {
        var server = await servers.RedisAsync();
        var database = server.TakeDatabase();
        var redis = server.ConnectionString(database);
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        string[] settings = [$"--ConnectionStrings:Redis={redis}", $"--ConnectionStrings:Postgres={postgres}", "--Events:Archive=Postgres"];
        var events = FaultEvents.Of(10_000, users: 200, seed: 3);
        using var replicas = await ReplicaSet.StartAsync(1, settings);
        await replicas.ReplayAsync(events);
        var before = await ReplicaSet.HasAllOfAsync(replicas.Services[0], events);

        await server.FlushAsync(database);
        Assert.Contains("\"empty\":true", await replicas.Services[0].GetAsync("/v1/status"), StringComparison.Ordinal);

        var (exitCode, output) = await CliProcess.RunAsync(["rebuild-windows", "--", .. settings]);
        Assert.True(exitCode == 0, output);
        var after = await ReplicaSet.HasAllOfAsync(replicas.Services[0], events);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.All(before, user => Assert.All(user.Value.Vector.Zip(after[user.Key].Vector), x => Assert.Equal(x.First, x.Second, 1e-5)));
    }

    [Fact]
    public async Task RebuildLeavesScoresInPlaceOfOldTexts()
    {
        var server = await servers.RedisAsync();
        var database = server.TakeDatabase();
        (string Key, string Value)[] settings =
        [
            ("ConnectionStrings:Redis", server.ConnectionString(database)),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
            ("Events:Archive", "Postgres"), ("Windows:TextTtl", "01:00:00"),
        ];
        using var service = new TestService(settings);
        await service.AcceptAsync(Event(0, kind: "review", text: "Absolutely wonderful, I love it!"));
        await server.FlushAsync(database);
        var (exitCode, output) = await CliProcess.RunAsync(["rebuild-windows", "--", .. settings.Select(s => $"--{s.Key}={s.Value}")]);
        Assert.True(exitCode == 0, output);
        var rebuilt = Assert.Single((await service.GetAsync("/v1/users/u1/window")).Json.GetProperty("events").EnumerateArray());
        Assert.True(rebuilt.GetProperty("textRemoved").GetBoolean());
        var explained = (await service.GetAsync("/v1/users/u1/explanation")).Json.GetProperty("events")[0];
        Assert.InRange(explained.GetProperty("sentiment").GetDouble(), 0.5, 1);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task RebuildWithoutAnArchiveSaysWhatIsMissing(string environment)
    {
        var (exitCode, output) = await CliProcess.RunInAsync([("DOTNET_ENVIRONMENT", environment)], "rebuild-windows");
        Assert.Equal(1, exitCode);
        Assert.Contains("Events:Archive", output, StringComparison.Ordinal);
    }
}
