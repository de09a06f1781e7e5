using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Tests.Cli;
using ProfileService.Windows;
using ProfileService.Windows.Redis.Layout;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>What a client meets where a user's stored window was altered, and how it comes back.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class AlteredWindowTests(TestServers servers)
{
    private readonly RedisWindowKeys _keys = new(new RedisPartitions(new WindowOptions().Partitions));

    [Fact]
    public async Task EndpointsSayWhatToDoAndOtherUsersAreAnswered()
    {
        var server = await servers.RedisAsync();
        var connection = server.ConnectionString(server.TakeDatabase());
        using var redis = new RedisConnection(connection);
        using var service = new TestService(("ConnectionStrings:Redis", connection), ("Lookup:CacheFor", "00:00:00")); // each lookup asks for the revision
        await service.AcceptAsync(Event(1, "bad"), Event(1, "good"), Event(1, "new"));
        await service.FreshAsync("bad");
        await service.FreshAsync("good");
        await AlterAsync(redis, "bad", at: 60);
        await AssertRefusedAsync(service);
        var ranked = (await service.PostAsync("/v1/rank", """{"userIds":["bad","good"],"itemIds":["yoga-003"]}""")).Json;
        Assert.Equal("bad", Assert.Single(ranked.GetProperty("unavailableUsers").EnumerateArray()).GetString());
        Assert.Equal("good", Assert.Single(ranked.GetProperty("users").EnumerateArray()).GetProperty("userId").GetString());
        await service.FreshAsync("good"); // which has had an event since

        await AlterAsync(redis, "bad", at: 1); // its revision: how far the profile is behind cannot be told
        var profile = await service.GetAsync("/v1/users/bad/profile");
        Assert.Equal(200, profile.Status);
        Assert.True(profile.Json.GetProperty("freshness").GetProperty("stale").GetBoolean());
        var many = await service.PostAsync("/v1/profiles/lookup", """{"userIds":["bad","good"]}""");
        Assert.Equal([true, false], many.Json.GetProperty("profiles").EnumerateArray().Select(p => p.GetProperty("freshness").GetProperty("stale").GetBoolean()));
    }

    [Fact]
    public async Task UserWithoutAProfileIsToldThatTheWindowIsAltered()
    {
        using var service = TestService.WithoutWorker(("Lookup:FreshTimeout", "00:00:00.050"));
        await service.AcceptAsync(Event(1, "bad"), Event(1, "worse"));
        var file = service.Services.GetRequiredService<StoredFiles>().File(StoredFiles.Windows);
        using (var raw = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            raw.Open();
            using var command = raw.CreateCommand();
            command.CommandText = "UPDATE windows SET events = events || x'00' WHERE user_id = 'bad'; UPDATE windows SET revision = revision + 1 WHERE user_id = 'worse'";
            command.ExecuteNonQuery();
        }

        var many = await service.PostAsync("/v1/profiles/lookup", """{"userIds":["worse","nobody"]}""");
        var ranked = await service.PostAsync("/v1/rank", """{"userIds":["worse","nobody"],"itemIds":["yoga-003"]}""");
        foreach (var (answer, field) in ((Reply, string)[])[(many, "unavailable"), (ranked, "unavailableUsers")])
        {
            Assert.Equal("worse", Assert.Single(answer.Json.GetProperty(field).EnumerateArray()).GetString());
            Assert.Equal("nobody", Assert.Single(answer.Json.GetProperty("missing").EnumerateArray()).GetString());
        }

        foreach (var user in (string[])["bad", "worse"])
            AssertUnreadable(await service.GetAsync($"/v1/users/{user}/profile"));
        Assert.Equal("window_unreadable", (await service.PostAsync("/v1/events", Event(2, "worse").Json())).Json.GetProperty("problems")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task RebuildBringsBackTheWindowsOfTheUsersThatAreNamed()
    {
        var server = await servers.RedisAsync();
        var connection = server.ConnectionString(server.TakeDatabase());
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        using var redis = new RedisConnection(connection);
        using var service = new TestService(("ConnectionStrings:Redis", connection), ("ConnectionStrings:Postgres", postgres), ("Events:Archive", "Postgres"));
        await service.AcceptAsync([.. Enumerable.Range(0, 5).SelectMany(i => (WindowEvent[])[Event(i, "bad"), Event(i, "a,b"), Event(i, "good")])]);
        var before = await service.FreshAsync("bad");
        var digests = await DigestsAsync(service);
        foreach (var user in (string[])["bad", "a,b"])
            await AlterAsync(redis, user, at: 70);
        AssertUnreadable(await service.GetAsync("/v1/users/bad/window"));

        string[] settings = ["--", $"--ConnectionStrings:Redis={connection}", $"--ConnectionStrings:Postgres={postgres}", "--Events:Archive=Postgres"];
        var (exitCode, output) = await CliProcess.RunAsync(["rebuild-windows", .. settings]);
        Assert.Equal(1, exitCode);
        Assert.Contains("Windows that cannot be read were left as they are.", output, StringComparison.Ordinal);
        AssertUnreadable(await service.GetAsync("/v1/users/bad/window"));

        (exitCode, output) = await CliProcess.RunAsync(["rebuild-windows", "--users", "bad,good", "--user", "a,b", .. settings]);
        Assert.True(exitCode == 0, output);
        Assert.Equal(digests, await DigestsAsync(service));
        var after = await service.FreshAsync("bad");
        Assert.True(after.Json.GetProperty("revision").GetInt64() > before.Json.GetProperty("revision").GetInt64());
        Assert.Equal(before.Floats64("vector"), after.Floats64("vector"), (x, y) => Math.Abs(x - y) < 1e-5);
        await service.AcceptAsync(Event(9, "bad"));

        (exitCode, output) = await CliProcess.RunAsync(["rebuild-windows", "--users", "bad,stranger", .. settings]);
        Assert.Equal(1, exitCode);
        Assert.Contains("no events of this user", output, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(TestService service)
    {
        foreach (var path in (string[])["window", "profile?include=explanation", "recommendations"])
        {
            var reply = await service.GetAsync($"/v1/users/bad/{path}");
            if (reply.Status != 404) // the tiny model recommends nothing
                AssertUnreadable(reply);
            Assert.NotEqual(500, (await service.GetAsync($"/v1/users/good/{path}")).Status);
        }

        var posted = await service.PostAsync("/v1/events", $"[{Event(2, "bad").Json()},{Event(2, "good").Json()}]");
        Assert.Equal(1, posted.Json.GetProperty("accepted").GetInt32());
        Assert.Equal("window_unreadable", posted.Json.GetProperty("problems")[0].GetProperty("code").GetString());
        Assert.Equal(200, (await service.PutAsync("/v1/users/bad/attributes", """{"age":3}""")).Status);
        Assert.Equal(200, (await service.GetAsync("/v1/users/bad/profile")).Status);
    }

    private static void AssertUnreadable(Reply reply)
    {
        var problem = reply.Problem(500);
        Assert.Equal("window_unreadable", problem.GetProperty("code").GetString());
        Assert.Contains("rebuild-windows --users", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task<string[]> DigestsAsync(TestService service)
    {
        var digests = new List<string>();
        foreach (var user in (string[])["bad", "a%2Cb", "good"])
            digests.Add((await service.GetAsync($"/v1/users/{user}/window")).Json.GetProperty("digest").GetString()!);
        return [.. digests];
    }

    private async Task AlterAsync(RedisConnection redis, string userId, int at)
    {
        byte[] value = (await redis.Database.StringGetAsync(_keys.Window(userId)))!;
        value[at] ^= 4;
        await redis.Database.StringSetAsync(_keys.Window(userId), value);
    }
}
