using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProfileService.Refresh;

/// <summary>Whether the refresh gets on; degraded while it fails, for events are still taken in.</summary>
internal sealed class RefreshHealth : IHealthCheck
{
    private volatile Exception? _failure;

    public void Succeeded() => _failure = null;

    public void Failed(Exception failure) => _failure = failure;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_failure is { } failure
            ? HealthCheckResult.Degraded($"Profiles are not refreshed; events are still taken in. {failure.GetType().Name}, see the log.")
            : HealthCheckResult.Healthy());
}
