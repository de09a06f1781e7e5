using Microsoft.Extensions.Options;
using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Stores the number of partitions in Redis, and refuses any other: no window would be found with it. A start that cannot ask goes on;
/// readiness and <see cref="RedisDueWorker"/> ask again.
/// </summary>
internal sealed partial class RedisPartitionGuard(
    RedisConnection redis, IOptions<WindowOptions> options, ILogger<RedisPartitionGuard> logger)
{
    // profiles:partitions → the number, in decimal
    private static readonly RedisKey Key = "profiles:partitions";

    private volatile string? _problem;

    /// <summary>What to do if the number was wrong when it was last looked at.</summary>
    public string? Problem => _problem;

    /// <exception cref="OptionsValidationException">Redis holds windows in another number of partitions.</exception>
    public async Task CheckAsync()
    {
        if (await FindProblemAsync() is { } problem)
            throw new OptionsValidationException("Windows", typeof(WindowOptions), [problem]);
    }

    /// <summary>Looks again. If Redis does not answer, what was found last holds.</summary>
    public async Task LookAsync()
    {
        try
        {
            var (before, problem) = (_problem, await FindProblemAsync());
            _problem = problem;
            if (problem is not null && before is null)
                LogWrong(problem);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
        }
    }

    /// <exception cref="RedisCommandException">The number was wrong when it was last looked at.</exception>
    public void ThrowIfWrong()
    {
        if (_problem is { } problem)
            throw new RedisCommandException(problem);
    }

    private async Task<string?> FindProblemAsync()
    {
        var (partitions, ttl) = (options.Value.Partitions, options.Value.IdleTtl);
        var found = await redis.Database.StringGetSetExpiryAsync(Key, ttl); // first, because a full Redis refuses every SET
        if (!found.HasValue && !await redis.Database.StringSetAsync(Key, partitions, ttl, When.NotExists))
            found = await redis.Database.StringGetAsync(Key); // another process was first
        return found.HasValue && found != partitions
            ? $"Windows:Partitions is {partitions}, but this Redis holds windows in {found} partitions. Set it to {found}, "
                + "or use another Redis and rebuild the windows there."
            : null;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Events and erasures are refused. {Problem}")]
    private partial void LogWrong(string problem);
}
