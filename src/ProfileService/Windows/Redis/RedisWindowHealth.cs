using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Whether Redis accepts events. Unhealthy if no server accepts them. Degraded if some servers of a cluster do not, because the users of
/// the others are served; also if settings can lose acknowledged events.
/// </summary>
internal sealed class RedisWindowHealth : IHealthCheck
{
    private readonly RedisConnection _redis;
    private readonly bool _isDurabilityKnown;
    private readonly Probe _probe;
    private readonly RedisPartitionGuard _partitions;
    private volatile Outcome _outcome = new([], []);

    public RedisWindowHealth(
        RedisConnection redis, RedisPartitions partitions, RedisPartitionGuard guard, IOptions<WindowOptions> options, TimeProvider time)
    {
        (_redis, _partitions, _isDurabilityKnown) = (redis, guard, options.Value.DurabilityIsKnown);
        var probe = new RedisProbe(redis, partitions, options.Value.RememberSeen, time);
        _probe = new Probe(async () =>
        {
            var (risks, look) = (FindRisksAsync(time), guard.LookAsync());
            _outcome = new Outcome(await probe.RunAsync(), await risks);
            await look;
        }, time);
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await _probe.RunAsync(cancellationToken);
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"No event can be stored. {_redis} does not answer.");
        }

        if (_partitions.Problem is { } problem)
            return HealthCheckResult.Unhealthy($"Events are refused. {problem}");
        var (servers, risks) = _outcome;
        var notes = servers.Where(s => s.Failure is not null).Select(s => $"{s.Server} {Reason(s.Failure!)}").Concat(risks).ToList();
        if (_redis.LostSlots is > 0 and var lost)
        {
            notes.Insert(0,
                $"{lost:N0} of the cluster's 16,384 slots are served by no server: events and lookups of their users are answered 503.");
        }

        return servers.All(s => s.Failure is not null) ? HealthCheckResult.Unhealthy($"Events are refused. {string.Join(' ', notes)}")
            : notes.Count > 0 ? HealthCheckResult.Degraded(string.Join(' ', notes))
            : HealthCheckResult.Healthy();
    }

    private async Task<IReadOnlyList<string>> FindRisksAsync(TimeProvider time) =>
        _isDurabilityKnown ? [] : [.. (await Task.WhenAll(_redis.Primaries.Select(s => TryFindRisksAsync(s, time)))).SelectMany(r => r)];

    /// <summary>Returns no risks of a server that does not respond; the probe reports it.</summary>
    private static async Task<IReadOnlyList<string>> TryFindRisksAsync(IServer server, TimeProvider time)
    {
        try
        {
            return await RedisDurability.FindRisksAsync(server).WaitAsync(RedisProbe.LongestWait, time);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            return [];
        }
    }

    private static string Reason(Exception e) => e switch
    {
        RedisServerException refused => $"takes no events: {refused.Message.Split(" script: ")[0].TrimEnd('.')}.",
        _ => $"does not answer ({e.GetType().Name}).",
    };

    private sealed record Outcome(IReadOnlyList<(string Server, Exception? Failure)> Servers, IReadOnlyList<string> Risks);
}
