using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Hosting;
using StackExchange.Redis;

namespace ProfileService.Windows;

/// <summary>
/// Whether Redis answers: red where no server does, for then no event can be taken in; degraded where some servers of a cluster do not,
/// or where settings can lose acknowledged events.
/// </summary>
internal sealed class RedisWindowHealth(RedisConnection redis, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var servers = await Task.WhenAll(redis.Primaries.Select(AskAsync));
        var silent = servers.Where(s => s.Failure is not null).ToList();
        var notes = silent.Select(s => $"{s.Server.EndPoint} does not answer ({s.Failure!.GetType().Name}).").Concat(servers.SelectMany(s => s.Risks)).ToList();
        if (redis.LostSlots is > 0 and var lost)
            notes.Insert(0, $"{lost:N0} of the cluster's 16,384 slots are served by no server: events and lookups of their users are answered 503.");
        return silent.Count == servers.Length ? HealthCheckResult.Unhealthy($"No window can be read or written. {string.Join(' ', notes)}")
            : notes.Count > 0 ? HealthCheckResult.Degraded(string.Join(' ', notes))
            : HealthCheckResult.Healthy();
    }

    private async Task<(IServer Server, Exception? Failure, IReadOnlyList<string> Risks)> AskAsync(IServer server)
    {
        try
        {
            return (server, null, await RedisDurability.FindRisksAsync(server).WaitAsync(LongestWait, time));
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return (server, e, []);
        }
    }
}
