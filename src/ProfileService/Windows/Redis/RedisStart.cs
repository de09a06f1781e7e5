using ProfileService.Hosting;

namespace ProfileService.Windows;

/// <summary>Looks at Redis before the service listens: whether the windows in it can be found, and whether it can lose events.</summary>
internal sealed partial class RedisStart(RedisConnection redis, RedisPartitionGuard partitions, ILogger<RedisStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await partitions.CheckAsync();
        foreach (var risk in (await Task.WhenAll(redis.Primaries.Select(RedisDurability.FindRisksAsync))).SelectMany(r => r))
            LogRisk(risk);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "ACKNOWLEDGED EVENTS CAN BE LOST. Redis {Risk}")]
    private partial void LogRisk(string risk);
}
