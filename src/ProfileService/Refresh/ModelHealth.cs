using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Model;

namespace ProfileService.Refresh;

/// <summary>
/// Whether this process has the active model. A process that was started with another model is unhealthy and accepts no events, so that an
/// unintended rollout stops. A process whose model was replaced since is degraded, and continues until it is restarted. A process that
/// fails to activate its model is degraded, too.
/// </summary>
internal sealed class ModelHealth(ModelRegistry registry) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(registry.StartFailure is { } failure ? HealthCheckResult.Degraded(NotActivated(failure))
            : registry.Advice is not { } advice ? HealthCheckResult.Healthy()
            : registry.Status == ModelStatus.Other ? HealthCheckResult.Unhealthy(advice)
            : HealthCheckResult.Degraded(advice));

    private string NotActivated(Exception failure) =>
        $"{registry.Own} could not be made the active model, and until then this process computes no profiles: {failure.GetType().Name}, "
        + "see the log. It tries again every second. The database must answer, and let it write served_model and served_stamps.";
}
