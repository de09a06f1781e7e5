using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ProfileService.Windows;

/// <summary>Whether the file of the windows can be read.</summary>
internal sealed class SqliteWindowHealth(IWindowStore windows) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await windows.IsEmptyAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
