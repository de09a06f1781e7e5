using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProfileService.Profiles;

/// <summary>Whether the profiles of record can be read. Degraded where not, for events are still taken in.</summary>
internal sealed class ProfileHealth(ProfileStore profiles) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await profiles.FindServedModelAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded($"Profiles cannot be stored ({e.GetType().Name}, see the log); events are still taken in.");
        }
    }
}
