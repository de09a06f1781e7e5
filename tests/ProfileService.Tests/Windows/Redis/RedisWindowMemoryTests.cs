using Microsoft.Extensions.Time.Testing;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Redis.Layout;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Redis;

[Needs(Need.Server)]
public sealed class RedisWindowMemoryTests(TestServers servers)
{
    private const int Users = 10_000;
    private const int MostEvents = 50;

    /// <summary>
    /// By MEMORY USAGE over 10,000 users of 1 to 50 events: the slope of the line through them is an event's memory, its start a user's.
    /// </summary>
    [Fact]
    public async Task AnEventTakesAtMost64BytesAndAUser200()
    {
        var token = TestContext.Current.CancellationToken;
        var server = await servers.RedisAsync();
        using var redis = new RedisConnection(server.ConnectionString(server.TakeDatabase()));
        var store = TestStores.Redis(redis, new FakeTimeProvider(Start)).Windows;
        for (var first = 0; first < Users; first += 100)
            await store.AppendAsync([.. Enumerable.Range(first, 100).SelectMany(EventsOf)], token);

        var keys = new RedisWindowKeys(new RedisPartitions(new WindowOptions().Partitions));
        var usage = await Task.WhenAll(Enumerable.Range(0, Users)
            .Select(async u => (long)await redis.Database.ExecuteAsync("MEMORY", "USAGE", keys.Window(UserId(u)))));
        var (perUser, perEvent) = Line([.. usage.Select((bytes, u) => ((double)EventCount(u), (double)bytes))]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{perEvent:N1} bytes an event, {perUser:N0} a user");
        Assert.InRange(perEvent, 20, 64);
        Assert.InRange(perUser, 20, 200);
    }

    [Fact]
    public async Task WhatAUserMetTakesLittleMoreThan1KiBAndLivesAsLongAsTheWindow()
    {
        var token = TestContext.Current.CancellationToken;
        var server = await servers.RedisAsync();
        using var redis = new RedisConnection(server.TesterConnectionString(server.TakeDatabase()));
        var options = new WindowOptions { RememberSeen = true };
        var store = TestStores.Redis(redis, new FakeTimeProvider(Start), options).Windows;
        var keys = new RedisWindowKeys(new RedisPartitions(options.Partitions));
        for (var first = 0; first < MostEvents; first += 10)
            await store.AppendAsync([.. EventsOf(MostEvents - 1).Skip(first).Take(10)], token);
        var (window, seen) = (keys.Window(UserId(MostEvents - 1)), keys.Seen(UserId(MostEvents - 1)));
        var bytes = (long)await redis.Database.ExecuteAsync("MEMORY", "USAGE", seen);
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes");
        Assert.InRange(bytes, SeenItems.Bytes, 1_200);
        var (ofWindow, ofSeen) = (await redis.Database.KeyTimeToLiveAsync(window), await redis.Database.KeyTimeToLiveAsync(seen));
        Assert.InRange((ofSeen - ofWindow)!.Value, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1));

        await redis.Database.KeyDeleteAsync(seen);
        await redis.Database.KeyExpireAsync(window, TimeSpan.FromDays(3));
        await store.AppendAsync([.. EventsOf(MostEvents - 1).Take(1).Select(e => e with { Timestamp = 0, ItemId = "late" })], token);
        Assert.InRange((await redis.Database.KeyTimeToLiveAsync(seen))!.Value, TimeSpan.FromDays(2), TimeSpan.FromDays(3));
    }

    private static string UserId(int user) => $"user-{user:D6}";

    private static int EventCount(int user) => 1 + (user % MostEvents);

    // As a shop sends them: ids of its own, two categories, a price.
    private static IEnumerable<WindowEvent> EventsOf(int user) => Enumerable.Range(0, EventCount(user)).Select(i =>
        new WindowEvent(
            UserId(user), "view", $"sku-{(user * 31) + i:D7}", EventTime.FromUtc(Start.UtcDateTime.AddSeconds(i)),
            $"e-{(user * 100) + i}", ["shoes", "women"], 59.9));

    // Least squares.
    private static (double Start, double Slope) Line(IReadOnlyList<(double X, double Y)> points)
    {
        var (x, y) = (points.Average(p => p.X), points.Average(p => p.Y));
        var slope = points.Sum(p => (p.X - x) * (p.Y - y)) / points.Sum(p => (p.X - x) * (p.X - x));
        return (y - (slope * x), slope);
    }
}
