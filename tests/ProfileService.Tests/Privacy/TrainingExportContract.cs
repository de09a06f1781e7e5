using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Privacy.Training;
using ProfileService.Storage;

namespace ProfileService.Tests.Privacy;

/// <summary>What leaves for training is of those who allow it, whatever the stores are.</summary>
public abstract class TrainingExportContract : ServiceToEraseFrom
{
    private protected abstract string Source { get; }

    [Fact]
    public async Task OnlyUsersWhoAllowItAreThereAndEachEventOnce()
    {
        await FillAsync("ada");
        await FillAsync("ben");
        await FillAsync("cleo");
        var twice = EventAt(-5, "ada");
        await Service.AcceptAsync(twice);
        Assert.Equal(1, (await Service.PostAsync("/v1/events", twice.Json())).Json.GetProperty("duplicates").GetInt32());
        await Service.PutAsync("/v1/users/ben/purposes", """{"profile":true,"explain":true,"similar":true,"train":false}""");
        await EraseAsync("cleo");

        var lines = await ExportAsync("");
        Assert.Equal((1, Source, "pseudonyms"), (lines[0].GetProperty("ledgerSequence").GetInt32(), lines[0].GetProperty("source").GetString(), lines[0].GetProperty("users").GetString()));
        Assert.Equal(4, lines.Length - 2);
        Assert.Equal(4, lines[^1].GetProperty("lines").GetInt32());
        Assert.All(lines[1..^1], line => Assert.Equal(HashOf("ada"), line.GetProperty("userId").GetString()));
        Assert.All(lines[1..^1], line => Assert.False(line.TryGetProperty("text", out _) || line.TryGetProperty("eventId", out _)));
        Assert.Equal(lines[1..^1].OrderBy(TimeOf).Select(TimeOf), lines[1..^1].Select(TimeOf));
    }

    [Fact]
    public async Task IdsTextsAndAttributesAreThereIfTheyAreAskedFor()
    {
        await FillAsync("ada");
        await FillAsync("ben");
        await Service.PutAsync("/v1/users/ben/purposes", """{"profile":true,"explain":true,"similar":true,"train":false}""");
        var lines = await ExportAsync("?ids=true&texts=true&attributes=age,unknown");
        Assert.Equal(["text of ada"], lines[1..^1].Where(line => line.TryGetProperty("text", out _)).Select(line => line.GetProperty("text").GetString()));
        Assert.All(lines[1..^1], line => Assert.Equal("ada", line.GetProperty("userId").GetString()));
        var attributes = Assert.Single(lines[1..^1], line => line.GetProperty("section").GetString() == "attributes");
        Assert.Equal("""{"age":34}""", attributes.GetProperty("attributes").GetRawText());
    }

    [Fact]
    public async Task WhoWasErasedSinceAnExportIsNamedByThePseudonym()
    {
        await FillAsync("ada");
        await EraseAsync("before");
        var first = (await ExportAsync(""))[0].GetProperty("ledgerSequence").GetInt64();
        await EraseAsync("ada");
        var lines = await ExportAsync($"?erasedAfter={first}");
        Assert.Equal([HashOf("ada")], lines[1..^1].Select(line => line.GetProperty("userId").GetString()));
        Assert.Equal("forgotten", lines[1].GetProperty("section").GetString());
    }

    /// <summary>An erasure is in the ledger before its archived events are deleted; the export would know of it and have the events.</summary>
    [Fact]
    public async Task WhoseErasureHasNotEndedIsLeftOutWithAllIds()
    {
        await FillAsync("ada");
        await FillAsync("ben");
        await FillAsync("cleo");
        await AddAsync(AliasOf("ada", "visitor"));
        var another = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1); // has it until then
        PendingErasure Pending(string user) => new() { Receipt = new string('a', 32), UserId = user, RequestedAt = another.AddHours(-1), LeasedUntil = another };
        await AddAsync(Pending("visitor"), Pending("ben"));
        var lines = await ExportAsync("?ids=true&attributes=age");
        Assert.Equal(["cleo"], lines[1..^1].Select(line => line.GetProperty("userId").GetString()).Distinct());
    }

    [Fact]
    public async Task WhatAnAliasRefusesIsLeftOutAlsoBeforeTheMergeHasReachedThePurposes()
    {
        await FillAsync("ada");
        await FillAsync("visitor");
        await Service.PutAsync("/v1/users/visitor/purposes", """{"profile":true,"explain":true,"similar":true,"train":false}""");
        await AddAsync(AliasOf("ada", "visitor"));
        var lines = await ExportAsync("?ids=true&texts=true");
        Assert.Equal(["text of ada"], lines[1..^1].Where(line => line.TryGetProperty("text", out _)).Select(line => line.GetProperty("text").GetString()));
        Assert.Equal(3, lines.Length - 2);
    }

    [Fact]
    public async Task AttributesThatAnAliasStillHasAreLeftOut()
    {
        await FillAsync("ada");
        await FillAsync("visitor");
        await AddAsync(AliasOf("ada", "visitor"));
        var lines = await ExportAsync("?ids=true&attributes=age");
        Assert.Equal("ada", Assert.Single(lines, line => line.TryGetProperty("attributes", out _)).GetProperty("userId").GetString());
    }

    [Fact]
    public async Task OneIsSentAtATime()
    {
        var training = Service.Services.GetRequiredService<TrainingExport>();
        await using (await training.OpenAsync(new TrainingParts(false, false, [], null), Token))
            Assert.Equal("overloaded", (await Service.GetAsync("/v1/exports/training")).Problem(503).GetProperty("code").GetString());
        Assert.Equal(2, (await ExportAsync("")).Length);
    }

    [Theory]
    [InlineData("?attributes=", "attributes")]
    [InlineData("?ids=maybe", "ids")]
    [InlineData("?erasedAfter=-1", "erasedAfter")]
    [InlineData("?erasedAfter=99", "erasedAfter")]
    [InlineData("?everything=true", "everything")]
    public async Task BadParameterIsNamed(string query, string field) =>
        Assert.Equal(field, (await Service.GetAsync($"/v1/exports/training{query}")).Problem(400).GetProperty("field").GetString());

    private async Task<JsonElement[]> ExportAsync(string query)
    {
        var reply = await Service.GetAsync($"/v1/exports/training{query}");
        Assert.Equal((200, "application/x-ndjson"), (reply.Status, reply.ContentType));
        return [.. Encoding.UTF8.GetString(reply.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    /// <summary>As a merge enters it, before anything is moved; no worker finishes it.</summary>
    private static AliasRow AliasOf(string person, string alias) => new()
    {
        UserId = alias,
        PersonId = person,
        ErasedBefore = 0,
        MergedAt = DateTime.UnixEpoch,
        MovedAt = DateTime.UnixEpoch,
        Sequence = -1,
    };

    private async Task AddAsync(params object[] rows)
    {
        await using var db = await Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        db.AddRange(rows);
        await db.SaveChangesAsync(Token);
    }

    private static DateTimeOffset TimeOf(JsonElement line) => line.GetProperty("timestamp").GetDateTimeOffset();

    private string HashOf(string user) => Service.Services.GetRequiredService<UserHash>().Of(user);
}

public sealed class SqliteTrainingExportTests : TrainingExportContract
{
    private protected override string Source => "windows";

    private protected override Task<TestService> StartAsync() => Task.FromResult(new TestService());
}

/// <summary>Windows in Redis, all else in Postgres, with the archive.</summary>
[Needs(Need.Server)]
public sealed class ServerTrainingExportTests(TestServers servers) : TrainingExportContract
{
    private protected override string Source => "archive";

    private protected override async Task<TestService> StartAsync()
    {
        var redis = await servers.RedisAsync();
        return new TestService(
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
            ("Events:Archive", "Postgres"));
    }
}

/// <summary>Windows in Redis, all else in Postgres, without an archive.</summary>
[Needs(Need.Server)]
public sealed class RedisTrainingExportTests(TestServers servers) : TrainingExportContract
{
    private protected override string Source => "windows";

    private protected override async Task<TestService> StartAsync()
    {
        var redis = await servers.RedisAsync();
        return new TestService(
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()));
    }
}
