using System.Buffers.Binary;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>One string, read, computed anew and committed whole under its revision: revision, touched, then the window's bytes.</summary>
internal sealed class PackedLayout(LayoutContext context) : IWindowLayout
{
    public string Name => "packed value";

    public Task FillAsync(string userId, IReadOnlyList<SampleEvent> events) =>
        context.Database.StringSetAsync(context.Key(userId), ValueOf(LayoutContext.Encode(userId, events)), TimeSpan.FromMilliseconds(LayoutContext.Ttl));

    public async Task AppendAsync(string userId, SampleEvent added)
    {
        var stored = await FindAsync(userId);
        var value = ValueOf(added.PushInto(stored));
        await context.RunAsync(LayoutScripts.Whole, userId, KeysOf(userId), LayoutContext.Head(stored.Revision)[..RedisWindowLayout.TouchedAt], value);
    }

    public async Task<int> ReadAsync(string userId) => WindowCodec.CountEvents((await FindAsync(userId)).Bytes);

    public RedisKey[] KeysOf(string userId) => [context.Key(userId)];

    private async Task<EncodedWindow> FindAsync(string userId)
    {
        byte[] value = (await context.Database.StringGetAsync(context.Key(userId)))!;
        return new EncodedWindow(BinaryPrimitives.ReadInt64LittleEndian(value), value[RedisWindowLayout.EndAt..]);
    }

    private static byte[] ValueOf(EncodedWindow window) => [.. LayoutContext.Head(window.Revision), .. window.Bytes];
}
