using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Model;

namespace ProfileService.Refresh;

/// <summary>
/// Whether this process has the active model. A process that was started with another model is not ready and takes no events, so that an unintended
/// rollout stops there. A process whose model was superseded is degraded: it goes on until it is restarted.
/// </summary>
internal sealed class ModelHealth(ModelRegistry registry) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(registry.Advice is not { } advice ? HealthCheckResult.Healthy()
            : registry.Status == ModelStatus.Other ? HealthCheckResult.Unhealthy(advice)
            : HealthCheckResult.Degraded(advice));
}
