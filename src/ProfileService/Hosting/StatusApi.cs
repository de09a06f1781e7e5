using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Hosting;

/// <summary><c>GET /v1/status</c>: the service at a glance.</summary>
internal static class StatusApi
{
    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/status", GetStatus)
            .WithTags("Service")
            .WithSummary("The service at a glance");

    private static async Task<Ok<StatusResponse>> GetStatus(IWindowStore windows, ModelSlot models, CancellationToken cancellationToken) =>
        TypedResults.Ok(new StatusResponse(
            await windows.IsEmptyAsync(cancellationToken),
            await windows.CountDueAsync(cancellationToken),
            models.Current.Manifest.Id,
            models.Current.Provider.ToString()));
}

/// <summary>The service at a glance.</summary>
/// <param name="Empty">Whether no user has a window.</param>
/// <param name="Due">Users whose profile is behind their window.</param>
/// <param name="Model">The active model.</param>
/// <param name="Provider">What it really runs on: Cpu or Cuda.</param>
internal sealed record StatusResponse(bool Empty, long Due, string Model, string Provider);
