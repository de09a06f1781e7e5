using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Tests.Model;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Refresh;

/// <summary>Processes with different packages on the same stores.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class RolloutWorkerTests(TestServers servers) : IAsyncLifetime
{
    private static readonly (string, string) Starter = ("Model:Package", Repository.StarterPackage);
    private static readonly (string, string) Activate = ("Model:Activate", "true");

    private (string, string)[] _settings = [];
    private string _postgres = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("All")]
    [InlineData("Api")]
    [InlineData("Refresh")]
    public async Task StartWithAnotherPackageTakesNothingOver(string role)
    {
        using var production = await ProductionAsync();
        using var stray = new TestService([.. _settings, Starter, ("Hosting:Role", role)]);
        var advice = (await stray.Client.ReadyAsync("model", "Unhealthy", 503)).DescriptionOf("model");
        Assert.All(["Model:Package", $"{TestModels.Tiny}", $"{TestModels.Starter}", "Model:Activate=true"], told => Assert.Contains(told, advice, StringComparison.Ordinal));

        await GoesOnAsync(production);
        Assert.Equal($"{TestModels.Tiny}", await ServedAsync(production));
        await production.Client.ReadyAsync(200);
        Assert.Equal("tiny/1", (await stray.GetAsync("/v1/status")).Json.GetProperty("model").GetString());
        Assert.Equal(0, (await stray.GetAsync("/v1/status")).Json.GetProperty("refreshes").GetInt64());
    }

    [Fact]
    public async Task ProcessThatFollowsAnswersWithTheActiveModelsProfilesAndSaysWhatItCannot()
    {
        using var production = await ProductionAsync();
        using var stray = new TestService([.. _settings, Starter]);
        var (known, followed) = (await production.GetAsync("/v1/users/u1/profile"), await stray.GetAsync("/v1/users/u1/profile"));
        Assert.Equal((200, known.Headers["ETag"]), (followed.Status, followed.Headers["ETag"]));
        Assert.Equal(known.Floats64("vector"), followed.Floats64("vector"));
        Assert.Equal(["u1"], (await stray.GetAsync("/v1/users?prefix=u1&count=1")).Json.GetProperty("users").EnumerateArray().Select(u => u.GetString()));
        var many = await stray.PostAsync("/v1/profiles/lookup", """{"userIds":["u1","nobody"]}""", "application/json", ("Accept", "application/octet-stream"));
        Assert.Equal(("tiny/1", "16", 2 * 16 * 4), (many.Headers["X-Profile-Model"], many.Headers["X-Profile-Dimension"], many.Body.Length));
        Assert.Equal(200, (await stray.GetAsync("/v1/users/u1/similar")).Status);
        Assert.Contains($"{TestModels.Tiny}", (await stray.GetAsync("/v1/models")).Problem(503).GetProperty("detail").GetString()!, StringComparison.Ordinal);

        Reply[] refused =
        [
            await stray.GetAsync("/v1/users/u1/recommendations"),
            await stray.GetAsync("/v1/users/u1/predictions"),
            await stray.GetAsync("/v1/users/u1/explanation"),
            await stray.GetAsync("/v1/users/u1/profile?include=explanation"),
            await stray.PostAsync("/v1/events", Event(9).Json()),
        ];
        Assert.All(refused, reply => Assert.Contains("Model:Package", reply.Problem(503).GetProperty("detail").GetString(), StringComparison.Ordinal));
        Assert.All(refused, reply => Assert.Equal("other_model", reply.Json.GetProperty("code").GetString()));

        await production.AcceptAsync(Event(10));
        Assert.Equal(200, (await stray.FreshAsync("u1")).Status); // whoever refreshes it
        Assert.Equal(0, (await stray.GetAsync("/v1/status")).Json.GetProperty("refreshes").GetInt64());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartThatFailsOnItsPortChangesNothing(bool isEmpty)
    {
        using var production = isEmpty ? null : await ProductionAsync();
        using var data = new TempDirectory();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(
            data, Repository.StarterPackage, [.. _settings.Select(s => $"--{s.Item1}={s.Item2}"), "--Model:Activate=true", $"--urls=http://{taken.LocalEndpoint}"]);
        Assert.True(exitCode == 1, output);
        Assert.Equal(isEmpty ? null : $"{TestModels.Tiny}", await ServedAsync());
        if (production is not null)
            await GoesOnAsync(production);
    }

    [Fact]
    public async Task ActivationSupersedesWhoRunsAndARollbackBringsItBack()
    {
        using var older = await ProductionAsync();
        using (var newer = new TestService([.. _settings, Starter, Activate]))
        {
            var advice = (await older.Client.ReadyAsync("model", "Degraded", 200)).DescriptionOf("model");
            Assert.Contains("Restart it with Model:Package", advice, StringComparison.Ordinal);
            await newer.Client.ReadyAsync("model", "Healthy");
            await older.AcceptAsync(Event(2));
            await Eventually.IsTrueAsync(async () => await newer.GetAsync("/v1/users/u1/profile") is { Status: 200 } reply && reply.Json.GetProperty("model").GetString() == "starter/3" && !IsStale(reply));
            await Eventually.IsTrueAsync(async () => await older.GetAsync("/v1/users/u1/profile") is { Status: 200 } reply && reply.Json.GetProperty("model").GetString() == "starter/3");
            (await older.GetAsync("/v1/users/u1/recommendations")).Problem(503);

            using var rollback = new TestService([.. _settings, Activate]); // with the former package
            await newer.Client.ReadyAsync("model", "Degraded");
            await older.Client.ReadyAsync("model", "Healthy");
        }

        await GoesOnAsync(older); // though neither of the two that came is there any more
    }

    [Fact]
    public async Task OfTwoThatActivateAtOnceOneStands()
    {
        using var production = await ProductionAsync();
        var starts = await Task.WhenAll(
            Task.Run(() => new TestService([.. _settings, Starter, Activate])), Task.Run(() => new TestService([.. _settings, ("Model:Package", Repository.ContentPackage), Activate])));
        try
        {
            await Eventually.IsTrueAsync(async () => await Task.WhenAll(starts.Select(CheckAsync)) is var checks && checks.Count(c => c == "Healthy") == 1);
            await ExecuteAsync("UPDATE served_model SET model = 'third/1@d'"); // by somebody else: both see it, and neither takes it back
            await Eventually.IsTrueAsync(async () => (await Task.WhenAll(starts.Select(CheckAsync))).All(c => c != "Healthy"));
            await production.Client.ReadyAsync("model", "Degraded");
            Assert.Equal("third/1@d", await ServedAsync());
        }
        finally
        {
            Array.ForEach(starts, s => s.Dispose());
        }
    }

    [Theory]
    [InlineData(true, "model.onnx")]
    [InlineData(false, "model.onnx")]
    [InlineData(false, "vocabulary.json")]
    public async Task OtherPackageOfTheSameNameHasOtherTagsAndAnswersNoFormerProfile(bool isShared, string changed)
    {
        using var package = OtherOfTheSameName(changed);
        using var first = new TestService(isShared ? _settings : []);
        await first.AcceptAsync(Event(1));
        var former = await first.FreshAsync("u1");
        Assert.Equal(200, former.Status);

        using var second = first.Restart(("Model:Package", package.Path), Activate);
        var same = await second.GetAsync("/v1/users/u1/profile", ("If-None-Match", former.Headers["ETag"]));
        Assert.True(same.Status is 200 or 503, $"{same.Status}"); // 503 where its first profile takes its time
        var fresh = await second.FreshAsync("u1");
        Assert.Equal((200, former.Json.GetProperty("revision").GetInt64()), (fresh.Status, fresh.Json.GetProperty("revision").GetInt64()));
        Assert.NotEqual(former.Headers["ETag"], fresh.Headers["ETag"]);
        Assert.Equal(304, (await second.GetAsync("/v1/users/u1/profile", ("If-None-Match", fresh.Headers["ETag"]))).Status);
    }

    [Fact]
    public void StampIsOfWhatDecidesAVector()
    {
        foreach (var changed in (string[])["model.onnx", "vocabulary.json"])
        {
            using var other = OtherOfTheSameName(changed);
            Assert.NotEqual(TestModels.Tiny.Digest, TestModels.Of(other.Path).Digest);
        }

        using var same = OtherOfTheSameName("golden.json");
        Assert.Equal(TestModels.Tiny, TestModels.Of(same.Path));
        Assert.Equal(TestModels.Tiny with { LegacyDigest = null }, ModelStamp.Parse($"{TestModels.Tiny}"));
    }

    public async ValueTask InitializeAsync()
    {
        var redis = await servers.RedisAsync();
        _postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        _settings = [("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())), ("ConnectionStrings:Postgres", _postgres)];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A service with the tiny model and 40 users that are up to date.</summary>
    private async Task<TestService> ProductionAsync()
    {
        var service = new TestService(_settings);
        await service.AcceptAsync([.. Enumerable.Range(0, 40).Select(u => Event(1, $"u{u}"))]);
        await service.Client.NobodyIsDueAsync();
        return service;
    }

    /// <summary>Asserts that known users and new ones are refreshed, again and again.</summary>
    private static async Task GoesOnAsync(TestService production)
    {
        for (var round = 0; round < 3; round++)
        {
            string[] users = ["u1", "u39", $"new{round}"];
            await production.AcceptAsync([.. users.Select(u => Event(100 + round, u))]);
            foreach (var user in users)
                await Eventually.IsTrueAsync(async () => await production.GetAsync($"/v1/users/{user}/profile") is { Status: 200 } reply && !IsStale(reply) && reply.Json.GetProperty("model").GetString() == "tiny/1");
        }
    }

    private static bool IsStale(Reply reply) => reply.Json.GetProperty("freshness").GetProperty("stale").GetBoolean();

    private static Task<string?> ServedAsync(TestService service) => service.Services.GetRequiredService<ProfileStore>().FindServedModelAsync(Token);

    private static async Task<string?> CheckAsync(TestService service) =>
        (await service.Client.ReadyAsync(ready => ready.StatusOf("model") is not null)).StatusOf("model");

    private static PackageCopy OtherOfTheSameName(string changed)
    {
        var copy = new PackageCopy(Repository.TinyPackage);
        byte[] more = changed == "model.onnx" ? [0x32, 1, (byte)'x'] : [(byte)' ']; // a doc_string of the graph; a space behind the JSON
        copy.Replace(changed, [.. File.ReadAllBytes(copy.PathOf(changed)), .. more]);
        return copy;
    }

    private Task<string?> ServedAsync() => ExecuteAsync("SELECT max(model) FROM served_model");

    private async Task<string?> ExecuteAsync(string sql)
    {
        await using var postgres = NpgsqlDataSource.Create(_postgres);
        await using var command = postgres.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token) as string;
    }
}
