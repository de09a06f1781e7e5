using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using ProfileService.Platform;

namespace ProfileService.Events;

/// <summary>Unhealthy if events cannot be archived, because then no event is accepted.</summary>
internal sealed class EventArchiveHealth(EventArchive archive, TimeProvider time) : IHealthCheck
{
    private readonly Probe _probe = new(archive.ProbeAsync, time);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await _probe.RunAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"Events cannot be archived and are therefore not accepted: {Reason(e)}");
        }
    }

    private static string Reason(Exception e) =>
        e is PostgresException refused ? $"Postgres reports: {refused.MessageText}." : "Postgres does not respond.";
}
