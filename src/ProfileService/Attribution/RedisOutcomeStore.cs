using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Attribution;

/// <summary>Counts in Redis: one hash, whose fields are day and process, or day, what is counted, and model.</summary>
internal sealed class RedisOutcomeStore(RedisConnection redis) : IOutcomeStore
{
    // "2026-11-28 shown demo/3" → number; "2026-11-28 5d41…" → number of the process's last batch
    private static readonly RedisKey Key = "profiles:recommendations";

    private const int Parts = 3;
    private const string Shown = "shown";
    private const string Clicked = "clicked";
    private const string Bought = "bought";

    // KEYS: the counts. ARGV: field of the process, number of the batch, first day to keep, TTL in ms, then fields and numbers in turn.
    private const string Add = """
        local last = redis.call('HGET', KEYS[1], ARGV[1])
        if tonumber(last or 0) >= tonumber(ARGV[2]) then
            return
        end
        for i, field in ipairs(last and {} or redis.call('HGETALL', KEYS[1])) do
            if i % 2 == 1 and field < ARGV[3] then
                redis.call('HDEL', KEYS[1], field)
            end
        end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
        for i = 5, #ARGV, 2 do
            redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        """;

    public Task AddAsync(OutcomeBatch batch, CancellationToken cancellationToken) =>
        redis.Database.ScriptEvaluateAsync(Add, [Key],
        [
            $"{DayText.Of(batch.MadeOn)} {batch.Process}",
            batch.Number,
            DayText.Of(OutcomeBatch.FirstDay(batch.MadeOn)),
            (long)TimeSpan.FromDays(OutcomeBatch.DaysKept).TotalMilliseconds,
            .. batch.Counts.SelectMany(c => ArgumentsOf(c.Key, c.Value)),
        ]);

    public async Task<IReadOnlyDictionary<RecommendationSource, OutcomeCounts>> ReadAsync(
        DateOnly since, CancellationToken cancellationToken)
    {
        var read = new Dictionary<RecommendationSource, OutcomeCounts>();
        foreach (var field in await redis.Database.HashGetAllAsync(Key))
        {
            if (field.Name.ToString().Split(' ', Parts) is not [var day, var what, var model])
                continue; // of a process
            var source = new RecommendationSource(model, DayText.Parse(day));
            if (source.Day >= since)
                read[source] = read.GetValueOrDefault(source).Plus(CountsOf(what, (long)field.Value));
        }

        return read;
    }

    private static IEnumerable<RedisValue> ArgumentsOf(RecommendationSource source, OutcomeCounts counts) =>
        from counted in ((string What, long Number)[])[(Shown, counts.Shown), (Clicked, counts.Clicked), (Bought, counts.Bought)]
        where counted.Number > 0
        from argument in (RedisValue[])[$"{DayText.Of(source.Day)} {counted.What} {source.Model}", counted.Number]
        select argument;

    private static OutcomeCounts CountsOf(string what, long number) => what switch
    {
        Shown => new(number, 0, 0),
        Clicked => new(0, number, 0),
        Bought => new(0, 0, number),
        _ => default,
    };
}
