using System.Text;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>A sorted set by timestamp with the rules in Lua: the event is sent alone, and nothing is read before.</summary>
internal sealed class SortedSetLayout(LayoutContext context) : IWindowLayout
{
    private static readonly RedisValue Revision = "";

    public string Name => "sorted set";

    public async Task FillAsync(string userId, IReadOnlyList<SampleEvent> events)
    {
        var (window, ids) = (context.Key(userId), context.Key(userId, "i"));
        await context.Database.SortedSetAddAsync(window, [new(Revision, -LayoutContext.Revision), .. events.Select(e => new SortedSetEntry(e.Body, e.Event.Timestamp))]);
        await context.Database.HashSetAsync(ids, [.. events.Where(e => e.Event.GivenId is not null).Select(e => new HashEntry(e.GivenId, ""))]);
        foreach (var key in KeysOf(userId))
            await context.Database.KeyExpireAsync(key, TimeSpan.FromMilliseconds(LayoutContext.Ttl));
    }

    public Task AppendAsync(string userId, SampleEvent added) => context.RunAsync(
        LayoutScripts.SortedSet, userId, KeysOf(userId),
        added.Body, added.Event.Timestamp, added.GivenId, context.MaxEvents, DerivationEnd(added));

    // The revision first: a window that is newer than it does no harm, for its user is due.
    public async Task<int> ReadAsync(string userId)
    {
        var revision = context.Database.SortedSetScoreAsync(context.Key(userId), Revision);
        var events = await context.Database.SortedSetRangeByRankAsync(context.Key(userId), 1);
        return await revision < 0 ? events.Length : 0;
    }

    public RedisKey[] KeysOf(string userId) => [context.Key(userId), context.Key(userId, "i")];

    // flags kind timestamp item: where the item ends
    private static int DerivationEnd(SampleEvent e)
    {
        var item = Encoding.UTF8.GetBytes(e.Event.ItemId);
        return e.Body.AsSpan().IndexOf(item) + item.Length;
    }
}
