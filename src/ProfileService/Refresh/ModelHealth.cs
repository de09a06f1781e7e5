using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Model;

namespace ProfileService.Refresh;

/// <summary>
/// Whether this process has the active model. A process that was started with another model is unhealthy and accepts no events, so that an
/// unintended rollout stops. A process whose model was replaced since is degraded, and continues until it is restarted.
/// </summary>
internal sealed class ModelHealth(ModelRegistry registry) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(registry.Advice is not { } advice ? HealthCheckResult.Healthy()
            : registry.Status == ModelStatus.Other ? HealthCheckResult.Unhealthy(advice)
            : HealthCheckResult.Degraded(advice));
}
