using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProfileService.Events;
using ProfileService.Privacy.Merging;
using ProfileService.Windows;

namespace ProfileService.Tests.Privacy;

/// <summary>Windows in Redis, all else in Postgres, with the archive; and a second replica on the same stores.</summary>
[Needs(Need.Server)]
public sealed class ServerMergeTests(TestServers servers) : MergeContract
{
    private TestService? _other;

    private (string, string)[] _settings = [];

    private TestService Other => _other ??= new TestService(_settings);

    [Fact]
    public async Task EventsThatAnotherReplicaTookForTheAliasFindThePerson()
    {
        for (var i = 0; i < 3; i++)
        {
            var (person, visitor) = ($"person-{i}", $"visitor-{i}");
            await Other.AcceptAsync(EventAt(-1, visitor), EventAt(-2, person));
            var posting = Task.Run(async () => // before, while and after the other replica learns of it
            {
                for (var minute = 3; minute < 30; minute++)
                    await Other.AcceptAsync(EventAt(-minute, visitor));
            }, Token);
            await MergeAsync(person, visitor);
            await posting;
            await Eventually.IsTrueAsync(async () => Number((await Service.FreshAsync(person)).Json, "eventCount") == 29);
            await Eventually.IsTrueAsync(async () =>
                await Other.GetAsync($"/v1/users/{visitor}/window") is { Status: 200 } found && Text(found.Json, "userId") == person);
            await Eventually.IsTrueAsync(async () => await Raw.FindAsync(visitor, Token) is null);
        }
    }

    [Fact]
    public async Task ErasureIsSeenByTheOtherReplicaBeforeItIsGone()
    {
        await FillAsync("visitor");
        await FillAsync("person");
        await MergeAsync("person", "visitor");
        await Eventually.IsTrueAsync(() => Task.FromResult(Other.Services.GetRequiredService<UserAliases>().Find("visitor") is not null));
        await EraseAsync("visitor");
        Assert.Null(Other.Services.GetRequiredService<UserAliases>().Find("visitor"));
        Assert.Equal(1, Number((await Other.PostAsync("/v1/events", EventAt(-1, "visitor").Json())).Json, "erased"));
    }

    [Fact]
    public async Task RebuildAndTrainingFollowTheAliasesInTheArchive()
    {
        var both = EventAt(-3, "visitor");
        await Service.AcceptAsync(EventAt(-1, "visitor"), EventAt(-2, "person"), both);
        await Service.AcceptAsync(both with { UserId = "person" }); // what the visitor did too: one event of the two
        await MergeAsync("person", "visitor");
        await Service.AcceptAsync(EventAt(-4, "visitor"));
        var before = await DigestAsync("person");
        var window = (await Raw.FindAsync("person", Token))!;
        Assert.True(await Raw.DropAsync("person", window, Token));
        var rebuild = Service.Services.GetRequiredService<WindowRebuild>();
        await rebuild.RebuildAllAsync(new Progress<long>(), Token);
        Assert.Equal(before, await DigestAsync("person"));

        Assert.True(await Raw.DropAsync("person", (await Raw.FindAsync("person", Token))!, Token));
        Assert.Equal(("person", 5), (await rebuild.RebuildAsync(["visitor"], Token))[0] is var one ? (one.UserId, one.Events) : default);
        Assert.Equal(before, await DigestAsync("person"));

        var lines = LinesOf(await Service.GetAsync("/v1/exports/training?ids=true"));
        Assert.Equal(4, lines.Count(line => line.Contains("\"events\"", StringComparison.Ordinal)));
        Assert.DoesNotContain("visitor", string.Concat(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WindowThatAStoreBroughtBackUnderAnAliasIsMovedAgain()
    {
        await Service.AcceptAsync(EventAt(-1, "visitor"));
        await MergeAsync("person", "visitor");
        var windows = Service.Services.GetRequiredService<ProfileService.Windows.Redis.RedisWindowStore>(); // knows no aliases
        await windows.AppendAsync([EventAt(-2, "visitor")], Token);
        await Service.Services.GetRequiredService<AliasWorker>().ScanAsync(Token);
        Assert.Null(await Raw.FindAsync("visitor", Token));
        Assert.Equal(2, (await Service.GetAsync("/v1/users/person/window")).Json.GetProperty("events").GetArrayLength());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AttributesThatArePutWhileThoseOfTheAliasAreCopiedStand(bool hadAny)
    {
        await Service.PutAsync("/v1/users/visitor/attributes", """{"age":20,"gender":"female"}""");
        await AddAliasAsync("person", "visitor");
        if (hadAny)
            await Service.PutAsync("/v1/users/person/attributes", """{"age":34}""");
        await using var putting = await Contexts.CreateDbContextAsync(Token);
        await using var transaction = await putting.Database.BeginTransactionAsync(Token);
        await putting.Database.ExecuteSqlAsync(
            $$"""
            INSERT INTO attributes (user_id, attributes, updated_at) VALUES ('person', '{"age":35,"plan":"pro"}', now())
            ON CONFLICT (user_id) DO UPDATE SET attributes = excluded.attributes, updated_at = excluded.updated_at
            """, Token);
        var session = ((NpgsqlConnection)putting.Database.GetDbConnection()).ProcessID;
        var moving = Service.Services.GetRequiredService<AliasAttributes>().MoveAsync("visitor", "person", Token);
        await Eventually.IsTrueAsync(() => IsWaitedForAsync(session));
        await transaction.CommitAsync(Token);
        Assert.NotNull(await moving);
        Assert.Equal(
            """{"age":35,"plan":"pro","gender":"female"}""",
            (await Service.GetAsync("/v1/users/person/attributes")).Json.GetProperty("attributes").GetRawText());
    }

    /// <summary>A batch of attributes has the person's row, and wants the alias's.</summary>
    [Fact]
    public async Task AttributesThatArePutForBothWhileTheyAreMovedWaitForNothing()
    {
        foreach (var id in (string[])["a-person", "b-visitor"])
            await Service.PutAsync($"/v1/users/{id}/attributes", """{"age":20}""");
        await AddAliasAsync("a-person", "b-visitor");
        await using var putting = await Contexts.CreateDbContextAsync(Token);
        await using var transaction = await putting.Database.BeginTransactionAsync(Token);
        await putting.Database.ExecuteSqlAsync($"UPDATE attributes SET updated_at = now() WHERE user_id = 'a-person'", Token);
        var session = ((NpgsqlConnection)putting.Database.GetDbConnection()).ProcessID;
        var moving = Service.Services.GetRequiredService<AliasAttributes>().MoveAsync("b-visitor", "a-person", Token);
        await Eventually.IsTrueAsync(() => IsWaitedForAsync(session));
        await putting.Database.ExecuteSqlAsync($"UPDATE attributes SET updated_at = now() WHERE user_id = 'b-visitor'", Token);
        await transaction.CommitAsync(Token);
        Assert.NotNull(await moving);
    }

    public override ValueTask DisposeAsync()
    {
        _other?.Dispose();
        return base.DisposeAsync();
    }

    private protected override async Task<TestService> StartAsync()
    {
        var redis = await servers.RedisAsync();
        _settings =
        [
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
            ("Events:Archive", "Postgres"),
            ("Windows:RememberSeen", "true"),
        ];
        return new TestService(_settings);
    }

    private async Task<bool> IsWaitedForAsync(int session)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        return await db.Database.SqlQuery<bool>(
            $"SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE {session} = ANY(pg_blocking_pids(pid))) AS \"Value\"").SingleAsync(Token);
    }

    private IAliasWindows Raw => Service.Services.GetRequiredService<IAliasWindows>();
}
