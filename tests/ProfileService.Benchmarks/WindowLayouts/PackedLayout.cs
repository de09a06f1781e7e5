using ProfileService.Windows;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>What the service does: one string, read, computed anew and committed whole under its revision.</summary>
internal sealed class PackedLayout(LayoutContext context) : IWindowLayout
{
    public string Name => "packed value";

    public Task FillAsync(string userId, IReadOnlyList<SampleEvent> events) => context.Database.StringSetAsync(
        context.Key(userId),
        RedisWindowValue.Of(new EncodedWindow(LayoutContext.Revision, WindowCodec.Encode(new Window(userId, [.. events.Select(e => e.Event)]))), LayoutContext.Now),
        TimeSpan.FromMilliseconds(LayoutContext.Ttl));

    public async Task AppendAsync(string userId, SampleEvent added)
    {
        var key = context.Key(userId);
        var stored = RedisWindowValue.Read(await context.Database.StringGetAsync(key))!;
        var now = LayoutContext.Now;
        var changed = new EncodedWindow(stored.Revision + 1, Slide(stored.Bytes, added.Record));
        LayoutContext.Check((int)await context.Database.ScriptEvaluateAsync(
            RedisWindowScripts.Commit,
            [key, .. context.Due(userId)],
            [userId, RedisWindowValue.RevisionBytes(stored), RedisWindowValue.Of(changed, now), now, LayoutContext.Ttl, LayoutContext.Channel, context.PartitionOf(userId)]));
    }

    public async Task<int> ReadAsync(string userId) =>
        WindowCodec.CountEvents(RedisWindowValue.Read(await context.Database.StringGetAsync(context.Key(userId)))!.Bytes);

    public RedisKey[] KeysOf(string userId) => [context.Key(userId)];

    // Stands for the rules, which are left out: drops the first event and adds one at the end.
    private static byte[] Slide(byte[] window, byte[] added) =>
        [window[0], .. window.AsSpan(1 + SampleEvent.LengthOfFirst(window.AsSpan(1))), .. added];
}
