using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProfileService.Refresh;

/// <summary>Whether the refresh succeeds. Degraded while it fails; whether events are accepted is for other checks.</summary>
internal sealed class RefreshHealth : IHealthCheck
{
    private volatile Exception? _failure;
    private int _failures; // in a row

    public bool IsFailing => _failure is not null;

    public void Succeeded() => (_failure, _failures) = (null, 0);

    /// <summary>Records a failure; returns the number of failures in a row.</summary>
    public int Failed(Exception failure)
    {
        _failure = failure;
        return Interlocked.Increment(ref _failures);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_failure is { } failure
            ? HealthCheckResult.Degraded($"Profiles are not refreshed. {failure.GetType().Name}, see the log.")
            : HealthCheckResult.Healthy());
}
