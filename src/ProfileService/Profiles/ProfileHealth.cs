using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProfileService.Profiles;

/// <summary>Whether the profiles of record can be read. Degraded where not, for events are still taken in.</summary>
internal sealed class ProfileHealth(ProfileStore profiles, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2); // a probe must not hang on a server that does not answer

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await profiles.FindServedModelAsync(cancellationToken).WaitAsync(LongestWait, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded($"Profiles cannot be stored ({e.GetType().Name}, see the log); events are still taken in.");
        }
    }
}
