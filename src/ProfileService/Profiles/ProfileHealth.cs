using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Platform;

namespace ProfileService.Profiles;

/// <summary>
/// Whether profiles can be read from the database, and written to Postgres. Degraded if not; whether events are accepted is for other
/// checks.
/// </summary>
internal sealed class ProfileHealth : IHealthCheck
{
    // Short, because an unresponsive Postgres must not delay readiness, which does not depend on this check.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private readonly Probe _probe;
    private volatile bool _isReadOnly;

    public ProfileHealth(ProfileStore profiles, TimeProvider time) =>
        _probe = new Probe(async () => _isReadOnly = await profiles.IsReadOnlyAsync(CancellationToken.None), time, LongestWait);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await _probe.RunAsync(cancellationToken);
            return _isReadOnly
                ? HealthCheckResult.Degraded("The database cannot be written: it is read-only.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded($"The stored profiles cannot be read ({e.GetType().Name}).");
        }
    }
}
