using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Platform;

namespace ProfileService.Profiles;

/// <summary>Whether profiles can be read from the database. Degraded if not; whether events are accepted is for other checks.</summary>
internal sealed class ProfileHealth(ProfileStore profiles, TimeProvider time) : IHealthCheck
{
    // Short, because an unresponsive Postgres must not delay readiness, which does not depend on this check.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private readonly Probe _probe = new(() => profiles.FindServedModelAsync(CancellationToken.None), time, LongestWait);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await _probe.RunAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded($"The stored profiles cannot be read ({e.GetType().Name}).");
        }
    }
}
