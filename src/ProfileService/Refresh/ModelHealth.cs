using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Model;

namespace ProfileService.Refresh;

/// <summary>
/// Whether this process has the active model. One that was started with another is not ready, so that a rollout that was not meant stops there, and takes no
/// events; one whose model was superseded is degraded, for it goes on until it is restarted.
/// </summary>
internal sealed class ModelHealth(ModelRegistry registry) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(registry.Advice is not { } advice ? HealthCheckResult.Healthy()
            : registry.Standing == ModelStanding.Other ? HealthCheckResult.Unhealthy(advice)
            : HealthCheckResult.Degraded(advice));
}
