using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Layout;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Redis;

[Needs(Need.Server)]
public sealed class RedisWindowDamageTests(TestServers servers) : WindowDamageContract, IAsyncLifetime
{
    private readonly RedisWindowKeys _keys = new(new RedisPartitions(new WindowOptions().Partitions));
    private RedisConnection? _redis;
    private RedisConnection? _tester; // damages what the service stored
    private TestStores? _stores;

    private protected override TestStores Stores => _stores!;

    /// <summary>Every bit of a long window made by the script that appends; without a server, because they are many.</summary>
    [Theory]
    [InlineData(30)] // growing
    [InlineData(100)]
    [InlineData(105)] // in its room
    [InlineData(133)] // after the room was used up
    public async Task AnyFlippedBitOfAFullWindowIsRefused(int events)
    {
        Settings.MaxEvents = 100;
        for (var i = 0; i < events; i++)
            await Windows.AppendAsync([Event(i, "full", item: $"sku-{i}", id: $"e-{i}", category: "shoes", value: 59.9)], Token);
        var value = await ReadAsync("full");
        Assert.Equal(Math.Min(events, 100), WindowCodec.CountEvents(RedisWindowValue.Read("full", value)!.Bytes));
        for (var bit = 0; bit < 8 * value.Length; bit++)
        {
            if (RedisWindowValue.Read("full", Flipped(value, bit)) is not { IsAltered: true })
                Assert.Fail($"bit {bit} of byte {bit / 8} of {value.Length} may be altered");
        }

        Assert.True(RedisWindowValue.Read("another", value)!.IsAltered);
    }

    /// <summary>They have no checksum; but nothing else than a window, and no other failure, may come of them.</summary>
    [Theory]
    [InlineData(25)]
    [InlineData(51)]
    public void AnyFlippedBitOfAFormerLayoutIsAWindowOrRefused(int headBytes)
    {
        var value = RedisWindowValueTests.Former(headBytes, 1_790_000_000_007, WindowCodec.Encode(new Window("u1", [Event(1), Event(2)])));
        for (var bit = 0; bit < 8 * value.Length; bit++)
        {
            if (RedisWindowValue.Read("u1", Flipped(value, bit)) is not { IsAltered: false } found)
                continue;
            var thrown = Record.Exception(() => { WindowCodec.Decode("u1", found.Bytes); });
            Assert.True(thrown is null or InvalidDataException, $"bit {bit}");
        }
    }

    public async ValueTask InitializeAsync()
    {
        var server = await servers.RedisAsync();
        var database = server.TakeDatabase();
        _redis = new RedisConnection(server.ConnectionString(database));
        _tester = new RedisConnection(server.TesterConnectionString(database));
        _stores = TestStores.Redis(_redis, Time, Settings);
    }

    public ValueTask DisposeAsync()
    {
        _stores!.Dispose();
        _redis!.Dispose();
        _tester!.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override async Task<byte[]> ReadAsync(string userId) =>
        (await _tester!.Database.StringGetAsync(_keys.Window(userId)))!;

    private protected override Task WriteAsync(string userId, byte[] value) =>
        _tester!.Database.StringSetAsync(_keys.Window(userId), value, TimeSpan.FromDays(1));
}
