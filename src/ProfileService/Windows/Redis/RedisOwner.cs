using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Which process owns the windows in Redis, where profiles are in SQLite. Another process would refresh users in its own file, and the
/// owner would never learn of it. The owner renews its right; one that does not loses it after <see cref="Lease"/>.
/// </summary>
internal sealed class RedisOwner(RedisConnection redis, TimeProvider time) : IHealthCheck
{
    public static readonly string Script = RedisScript.Load(typeof(RedisOwner), ["own.lua"]);
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private const string Unasked = "Redis was not asked for the right to do so in time.";

    // profiles:owner → the process
    private static readonly RedisKey Key = "profiles:owner";

    private readonly string _self = $"process {Environment.ProcessId} on {Environment.MachineName}, started {time.GetUtcNow():O}";
    private long _asked; // timestamp of the last request that was granted; 0 if another process is the owner
    private volatile string _problem = Unasked; // if this process is not the owner

    /// <summary>
    /// Whether this process is the owner. A process that was paused for the lease's time does not know, and has to ask first.
    /// </summary>
    public bool IsSelf => Volatile.Read(ref _asked) is not 0 and var asked && time.GetElapsedTime(asked) < Lease;

    /// <summary>Takes the windows, or renews the right to them. Returns what to do if another process owns them, else null.</summary>
    public async Task<string?> TakeAsync()
    {
        var asked = time.GetTimestamp();
        try
        {
            var owner = await AskAsync(Lease);
            if (owner == _self)
            {
                _problem = Unasked;
                Volatile.Write(ref _asked, asked);
                return null;
            }

            Volatile.Write(ref _asked, 0);
            return _problem = $"Another process owns the windows in this Redis: {owner}. While profiles are in SQLite, only one process "
                + "may use them. Stop one of the two, or set ConnectionStrings:Postgres for both.";
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            _problem = $"Redis does not tell which process owns its windows: {e.Message}";
            if (!redis.IsCluster || !IsSelf)
                throw;
            Volatile.Write(ref _asked, asked); // nobody can take over while the key's server is away; the other servers' users go on
            return null;
        }
    }

    /// <summary>Lets the next process take the windows at once.</summary>
    public Task GiveBackAsync() => AskAsync(TimeSpan.Zero);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(IsSelf ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"This process refreshes nobody. {_problem}"));

    private async Task<string?> AskAsync(TimeSpan lease) =>
        (string?)await redis.Database.ScriptEvaluateAsync(Script, [Key], [_self, (long)lease.TotalMilliseconds]);
}
