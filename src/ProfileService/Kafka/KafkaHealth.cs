using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Platform;

namespace ProfileService.Kafka;

/// <summary>
/// Degraded if no broker responds, if the brokers refuse, if events that were taken cannot be stored, or if the process is no member of
/// the group because of a wrong setting of its own. Events by HTTP do not depend on it.
/// </summary>
internal sealed class KafkaHealth(TopicConsumer consumer, KafkaWorker worker, TimeProvider time) : IHealthCheck
{
    private readonly Probe _probe = new(
        () =>
        {
            consumer.AskBrokers();
            return Task.CompletedTask;
        },
        time);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (worker.OwnObstacle is { } own)
            return HealthCheckResult.Degraded($"This process takes no events from Kafka, because it could not store them: {own}");
        if (worker.Obstacle is { } obstacle)
            return HealthCheckResult.Degraded($"Events from Kafka wait, because they cannot be stored: {obstacle}");
        if (consumer.MissingRight is { } right)
            return HealthCheckResult.Degraded($"No events come from Kafka: the service lacks a right, {right}.");
        if (consumer.IsBroken)
            return HealthCheckResult.Degraded("No events come from Kafka: the client could not go on and is being replaced.");
        try
        {
            await _probe.RunAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is KafkaException or TimeoutException or ObjectDisposedException)
        {
            return HealthCheckResult.Degraded($"No events come from Kafka: {Reason(e)}");
        }
    }

    private static string Reason(Exception e) => e is KafkaException refused ? refused.Error.Reason : "no broker responds.";
}
