using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Platform;

namespace ProfileService.Profiles;

/// <summary>Whether the profiles of record can be read. Degraded where not, for events are still taken in.</summary>
internal sealed class ProfileHealth(ProfileStore profiles, TimeProvider time) : IHealthCheck
{
    // Short, for it decides nothing: a Postgres that hangs must not keep readiness waiting.
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
            return HealthCheckResult.Degraded($"The profiles of record cannot be read ({e.GetType().Name}). Events are still taken in.");
        }
    }
}
