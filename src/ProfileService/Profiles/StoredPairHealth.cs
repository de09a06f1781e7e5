using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProfileService.Profiles;

/// <summary>Degraded where the windows that the profiles are of are missing.</summary>
internal sealed class StoredPairHealth(StoredPairStart pair) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(pair.IsParted
        ? HealthCheckResult.Degraded("windows.db was emptied, deleted or replaced since profiles.db was last used: the log of the start says what to do.")
        : HealthCheckResult.Healthy());
}
