using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProfileService.Profiles;

/// <summary>Degraded if the windows of the profiles are missing.</summary>
internal sealed class StoredPairHealth(StoredPairStart pair) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(pair.IsMismatched
            ? HealthCheckResult.Degraded(
                "windows.db was emptied, deleted or replaced since profiles.db was last used: the log of the start says what to do.")
            : HealthCheckResult.Healthy());
}
