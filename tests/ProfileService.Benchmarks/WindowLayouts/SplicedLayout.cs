using System.Buffers.Binary;
using System.Text;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>The packed value edited in Lua: the event is sent alone, and Redis takes the value apart and together.</summary>
internal sealed class SplicedLayout(LayoutContext context) : IWindowLayout
{
    private const int HeadBytes = 26;

    public string Name => "packed, Lua splices";

    public Task FillAsync(string userId, IReadOnlyList<SampleEvent> events)
    {
        var head = new byte[HeadBytes];
        LayoutContext.Head(LayoutContext.Revision).CopyTo(head, 0);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(RedisWindowLayout.EndAt), (short)events.Count);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(RedisWindowLayout.EndAt + sizeof(short)), events[^1].Event.Timestamp);
        byte[] value = [.. head, .. events.SelectMany(e => e.Record)];
        return context.Database.StringSetAsync(context.Key(userId), value, TimeSpan.FromMilliseconds(LayoutContext.Ttl));
    }

    public Task AppendAsync(string userId, SampleEvent added) => context.RunAsync(
        LayoutScripts.Spliced, userId, KeysOf(userId),
        added.Record, added.Event.Timestamp, Id(added), context.MaxEvents);

    public async Task<int> ReadAsync(string userId)
    {
        byte[] value = (await context.Database.StringGetAsync(context.Key(userId)))!;
        return BinaryPrimitives.ReadInt16LittleEndian(value.AsSpan(RedisWindowLayout.EndAt));
    }

    public RedisKey[] KeysOf(string userId) => [context.Key(userId)];

    // The bytes that no other event has: the given id, else kind, timestamp and item.
    private static byte[] Id(SampleEvent e)
    {
        if (e.GivenId is { Length: > 0 } given)
            return given;
        var item = Encoding.UTF8.GetBytes(e.Event.ItemId);
        return e.Body[1..(e.Body.AsSpan().IndexOf(item) + item.Length)];
    }
}
