using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using ProfileService.Platform;

namespace ProfileService.Events;

/// <summary>Whether the archive takes events: red where not, for then no event is answered 202.</summary>
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
            return HealthCheckResult.Unhealthy($"No event can be archived, so that none is taken in: {Reason(e)}");
        }
    }

    private static string Reason(Exception e) =>
        e is PostgresException refused ? $"Postgres says: {refused.MessageText}." : "Postgres does not answer.";
}
