using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Hosting;

/// <summary>Whether both stores answer.</summary>
internal sealed class StoreHealth(IWindowStore windows, ProfileStore profiles) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await windows.IsEmptyAsync(cancellationToken);
        await profiles.FindServedModelAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
