using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Hosting;

/// <summary><c>GET /v1/status</c>: the service at a glance.</summary>
internal static class StatusApi
{
    private static readonly DateTimeOffset Started = Process.GetCurrentProcess().StartTime;

    private static readonly string Version =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/status", GetStatus)
            .WithTags("Service")
            .WithSummary("The service at a glance");

    private static async Task<Ok<StatusResponse>> GetStatus(
        IWindowStore windows, ModelSlot models, ProfileMetrics metrics, TimeProvider time, CancellationToken cancellationToken)
    {
        var totals = metrics.Totals;
        return TypedResults.Ok(new StatusResponse(
            await windows.IsEmptyAsync(cancellationToken),
            await windows.CountDueAsync(cancellationToken),
            models.Current.Manifest.Id,
            models.Current.Provider.ToString(),
            totals.Accepted,
            totals.Refreshed,
            totals.InferenceRuns,
            Math.Round(totals.Inference.TotalSeconds, 6),
            Math.Round((time.GetUtcNow() - Started).TotalSeconds, 1),
            Version));
    }
}

/// <summary>The service at a glance.</summary>
/// <param name="Empty">Whether no user has a window.</param>
/// <param name="Due">Users whose profile is behind their window.</param>
/// <param name="Model">The active model.</param>
/// <param name="Provider">What it really runs on: Cpu or Cuda.</param>
/// <param name="Events">Events that this process accepted since it started.</param>
/// <param name="Refreshes">Profiles that it computed.</param>
/// <param name="InferenceRuns">Runs of the model, of a batch each.</param>
/// <param name="InferenceSeconds">What they took in all.</param>
internal sealed record StatusResponse(
    bool Empty, long Due, string Model, string Provider, long Events, long Refreshes, long InferenceRuns, double InferenceSeconds, double UptimeSeconds, string Version);
