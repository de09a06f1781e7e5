using ProfileService.Platform;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Append;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>What the service does: the packed value with room behind the newest event, by the service's own code and script.</summary>
internal sealed class ServiceLayout(LayoutContext context) : IWindowLayout
{
    private const int MaxInRoom = 8; // of so many events about one fits into the room

    public string Name => "packed with room";

    /// <summary>Each user has another part of its room used up, so that they do not write their values anew at the same time.</summary>
    public async Task FillAsync(string userId, IReadOnlyList<SampleEvent> events)
    {
        var late = (int)(StableHash.Of(userId) % (uint)((events.Count / MaxInRoom) + 1));
        var before = LayoutContext.Encode(userId, [.. events.TakeLast(late), .. events.SkipLast(late)]); // what fell out is as long as what came
        await CommitAsync(userId, null, before);
        if (late > 0)
            await CommitAsync(userId, await FindAsync(userId), LayoutContext.Encode(userId, events));
    }

    public async Task AppendAsync(string userId, SampleEvent added)
    {
        var value = await FindAsync(userId);
        await CommitAsync(userId, value, added.PushInto(RedisWindowValue.Read(userId, value)!));
    }

    public async Task<int> ReadAsync(string userId) => WindowCodec.CountEvents(RedisWindowValue.Read(userId, await FindAsync(userId))!.Bytes);

    public RedisKey[] KeysOf(string userId) => [context.Key(userId)];

    private async Task<byte[]?> FindAsync(string userId) => await context.Database.StringGetAsync(context.Key(userId));

    private async Task CommitAsync(string userId, byte[]? value, EncodedWindow window)
    {
        var now = LayoutContext.Now;
        var write = RedisWindowValue.Change(userId, value, window, now);
        LayoutContext.Check((int)await context.Database.ScriptEvaluateAsync(
            RedisAppendScripts.Commit,
            [context.Key(userId), .. context.Due(userId), "{p000}:erased"],
            [userId, now, LayoutContext.Ttl, RedisWindowValue.VersionKeyOf(value), write.Start, write.TailAt, write.Tail, "", ""]));
    }
}
