using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ProfileService.Attribution;
using ProfileService.Cli.Load;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Refresh;
using ProfileService.Windows;
using ProfileService.Windows.Redis;

namespace ProfileService.Tests.HotPaths;

/// <summary>
/// What each hot path costs in counts that are the same on every machine. A figure that grows is a step back: find its cause, or raise the
/// number here and say why. What they come to in time is `./bench`'s to tell.
/// </summary>
[Needs(Need.Server)]
[Collection(Alone.Name)]
public sealed class HotPathTests(TestServers servers) : IAsyncLifetime
{
    private const int Users = 128;
    private const int EventsPerWindow = 50;
    private const int WarmUp = 300;
    private const int Counted = 200;
    private const int Rounds = 30; // at most: what the process does besides only adds, and code that is not compiled to its end yet allocates more

    private static readonly IReadOnlyList<string> Names = LoadUsers.Named(Users);

    private RedisServer _redis = null!;
    private TestService _service = null!;

    private Uri Url => _service.Client.BaseAddress!;

    private IPEndPoint Server => new(IPAddress.Loopback, Url.Port);

    private ProfileRefresher Refresher => _service.Services.GetRequiredService<ProfileRefresher>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _service = TestService.Without(
            [typeof(RefreshWorker), typeof(RedisDueWorker)], // the watch asks by the clock, and so more where the machine is slow
            ("ConnectionStrings:Redis", _redis.ConnectionString()),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
            ("Lookup:CacheFor", "00:00:00"),
            ("Logging:LogLevel:Default", "Warning"));
        using var filling = new HttpConnection(Server);
        var source = LoadPath.Ingest(Url, Names, "fill", Users, HttpRequest.Json).Source(0, 1);
        for (var i = 0; i < EventsPerWindow; i++)
            Assert.Equal(202, filling.Send(source.Next()).Status);
        while (await Refresher.RefreshDueAsync(Token) > 0)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData(1, HttpRequest.Json, 4_500, 1.1)]
    [InlineData(1, HttpRequest.Binary, 4_300, 1.1)]
    [InlineData(100, HttpRequest.Json, 42_000, 101.5)]
    [InlineData(100, HttpRequest.Binary, 40_000, 101.5)]
    public Task LookupCostsNoMoreThan(int together, string accept, long bytes, double commands) =>
        CostsNoMoreThanAsync(LoadPath.Lookup(Url, Names, "lookup", together, accept), 200, bytes, commands);

    // The windows are full: one in twelve has used its room up, and is read and written whole. Each call asks once whether its partitions have
    // marks of erased users.
    [Theory]
    [InlineData(HttpRequest.Json, 210_000, 440)]
    [InlineData(HttpRequest.Ndjson, 210_000, 440)]
    public Task HundredEventsOfAsManyUsersCostNoMoreThan(string contentType, long bytes, double commands) =>
        CostsNoMoreThanAsync(LoadPath.Ingest(Url, [.. Names.Take(100)], "ingest", 100, contentType), 202, bytes, commands);

    // To count what became of a recommendation asks Redis for nothing: the worker stores the counts of all requests every few seconds.
    [Theory]
    [InlineData(230_000, 440)]
    public Task EventsThatNameARecommendationCostNoMoreThan(long bytes, double commands)
    {
        var more = $",\"recommendationId\":\"{_service.Services.GetRequiredService<RecommendationIds>().Make("tiny/1")}\"";
        return CostsNoMoreThanAsync(
            new LoadPath("ingest", 100, (_, _) => new EventRequests(Url, [.. Names.Take(100)], 100, HttpRequest.Json, TimeProvider.System, more)),
            202, bytes, commands);
    }

    // Users that are spread thin, hardly two of a partition, as in light traffic: the dearest case. Which partitions are asked depends a
    // little on what is asked in between: 21.4 commands were seen. A sixth of the bytes are the dimensions of 50 events
    // and their JSON, which says for each of 14 categories what is for and what against it.
    [Theory]
    [InlineData(15_000, 24)]
    public async Task RefreshOfABatchCostsNoMoreForAUserThan(long mostBytes, double mostCommands)
    {
        var runs = new MetricCollector<double>(_service.Services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.inference.duration");
        await MakeDueAndRefreshAsync();
        var known = runs.GetMeasurementSnapshot().Count;
        await MakeDueAndRefreshAsync();
        Assert.Equal(Users / ActiveModel.UsersPerCpuRun, runs.GetMeasurementSnapshot().Count - known);
        await CostsNoMoreThanAsync(MakeDueAndRefreshAsync, Users, mostBytes, mostCommands);
    }

    // The attributes of the batch's users, then the upsert. Polls of other workers come in between at times.
    [Fact]
    public async Task RefreshOfABatchSendsTwoStatements()
    {
        var batches = new MetricCollector<int>(_service.Services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.refresh.batch_size");
        var statements = new MetricCollector<double>(null, "Npgsql", "db.client.operation.duration");
        var (asked, refreshed) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            (asked, refreshed) = (statements.GetMeasurementSnapshot().Count, batches.GetMeasurementSnapshot().Count);
            await MakeDueAndRefreshAsync();
            (asked, refreshed) = (statements.GetMeasurementSnapshot().Count - asked, batches.GetMeasurementSnapshot().Count - refreshed);
            if (asked == 2 * refreshed)
                return;
        }

        Assert.Fail($"{asked} statements for {refreshed} batches in the last of {Rounds} rounds");
    }

    private async Task MakeDueAndRefreshAsync()
    {
        await _service.Services.GetRequiredService<IDueQueue>().MarkDueAsync(Names, Token);
        while (await Refresher.RefreshDueAsync(Token) > 0)
        {
        }
    }

    private async Task CostsNoMoreThanAsync(LoadPath path, int status, long mostBytes, double mostCommands)
    {
        using var connection = new HttpConnection(Server);
        var source = path.Source(0, 1);
        Ask(WarmUp);
        await CostsNoMoreThanAsync(() => { Ask(Counted); return Task.CompletedTask; }, Counted, mostBytes, mostCommands);

        void Ask(int times)
        {
            for (var i = 0; i < times; i++)
                Assert.Equal(status, connection.Send(source.Next()).Status);
        }
    }

    /// <summary>Asserts that a round of the work costs so much at most, by each of its parts.</summary>
    private async Task CostsNoMoreThanAsync(Func<Task> work, int parts, long mostBytes, double mostCommands)
    {
        (long Bytes, double Commands) cost = default;
        for (var round = 0; round < Rounds; round++)
        {
            var (commands, bytes) = (await CommandsAsync(), GC.GetTotalAllocatedBytes(precise: true));
            await work();
            cost = ((GC.GetTotalAllocatedBytes(precise: true) - bytes) / parts, (await CommandsAsync() - commands) / (double)parts);
            if (cost.Bytes <= mostBytes && cost.Commands <= mostCommands)
                return;
        }

        Assert.Fail($"{cost} in the last of {Rounds} rounds");
    }

    /// <summary>That Redis carried out so far, those of scripts among them.</summary>
    private async Task<long> CommandsAsync()
    {
        var info = await RedisLine.SendAsync(_redis.Port, "INFO stats");
        var line = info.Split('\n').Single(l => l.StartsWith("total_commands_processed:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }
}
