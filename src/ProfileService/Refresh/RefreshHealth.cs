using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProfileService.Refresh;

/// <summary>Whether the refresh gets on; degraded while it fails, for events are still taken in.</summary>
internal sealed class RefreshHealth : IHealthCheck
{
    private volatile Exception? _failure;
    private int _failures; // in a row

    public bool IsFailing => _failure is not null;

    public void Succeeded() => (_failure, _failures) = (null, 0);

    /// <summary>Takes note of a failure; returns how many there were in a row.</summary>
    public int Failed(Exception failure)
    {
        _failure = failure;
        return Interlocked.Increment(ref _failures);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_failure is { } failure
            ? HealthCheckResult.Degraded($"Profiles are not refreshed; events are still taken in. {failure.GetType().Name}, see the log.")
            : HealthCheckResult.Healthy());
}
