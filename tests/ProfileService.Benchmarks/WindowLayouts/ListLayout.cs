using System.Buffers.Binary;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>A list, an element per event: read whole, and only what changed is committed, under the revision in the first element.</summary>
internal sealed class ListLayout(LayoutContext context) : IWindowLayout
{
    private const int Fallen = 1; // from a full window

    public string Name => "list";

    public async Task FillAsync(string userId, IReadOnlyList<SampleEvent> events)
    {
        var head = LayoutContext.Head(LayoutContext.Revision);
        await Task.WhenAll(
            context.Database.ListRightPushAsync(context.Key(userId), [head, .. events.Reverse().Select(e => (RedisValue)e.Body)]),
            context.Database.KeyExpireAsync(context.Key(userId), TimeSpan.FromMilliseconds(LayoutContext.Ttl)));
    }

    public async Task AppendAsync(string userId, SampleEvent added)
    {
        var key = context.Key(userId);
        var revision = ((byte[])(await context.Database.ListRangeAsync(key))[0]!)[..RedisWindowLayout.TouchedAt];
        var head = LayoutContext.Head(BinaryPrimitives.ReadInt64LittleEndian(revision) + 1);
        await context.RunAsync(LayoutScripts.List, userId, [key], revision, Fallen, added.Body, head);
    }

    public async Task<int> ReadAsync(string userId) => (await context.Database.ListRangeAsync(context.Key(userId))).Length - 1;

    public RedisKey[] KeysOf(string userId) => [context.Key(userId)];
}
