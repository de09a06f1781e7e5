using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Windows.Redis;

/// <summary>Checks Redis before the service listens: whether its windows can be found, and whether it can lose events.</summary>
internal sealed partial class RedisStart(
    RedisConnection redis, RedisPartitionGuard partitions, IOptions<WindowOptions> options, ILogger<RedisStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scripts = RedisScripts.Load();
        LogScripts(scripts.Count);
        try
        {
            await partitions.CheckAsync();
            if (options.Value.DurabilityIsKnown)
                LogKnown();
            else
                await LogRisksAsync();
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            LogUnseen(e); // Redis is full, or a part of a cluster is unreachable. The rest can be served; readiness reports it.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task LogRisksAsync()
    {
        foreach (var risk in (await Task.WhenAll(redis.Primaries.Select(RedisDurability.FindRisksAsync))).SelectMany(r => r))
            LogRisk(risk);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Read {Count} Redis scripts")]
    private partial void LogScripts(int count);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Redis could not be looked at in full: some of it does not answer, or is full. /health/ready says more")]
    private partial void LogUnseen(Exception exception);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Redis's settings are not looked at for what can lose acknowledged events (Windows:DurabilityIsKnown)")]
    private partial void LogKnown();

    [LoggerMessage(Level = LogLevel.Warning, Message = "ACKNOWLEDGED EVENTS CAN BE LOST. Redis {Risk}")]
    private partial void LogRisk(string risk);
}
