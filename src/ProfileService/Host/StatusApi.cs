using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;

namespace ProfileService.Host;

/// <summary><c>GET /v1/status</c>: the service at a glance.</summary>
internal static class StatusApi
{
    private static readonly DateTimeOffset Started = Process.GetCurrentProcess().StartTime;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private static readonly string Version =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/status", GetStatus)
            .WithTags("Service")
            .WithSummary("The service at a glance")
            .Costs(ReadCost.OfAQuery);

    private static async Task<Ok<StatusResponse>> GetStatus(
        WindowCounts windows, UserDirectory users, ModelRegistry registry, ModelSlot models, ProfileMetrics metrics, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var totals = metrics.Totals;
        var (isEmpty, due) = await windows.FindAsync(cancellationToken);
        return TypedResults.Ok(new StatusResponse(
            isEmpty,
            due,
            await CountUsersAsync(users, registry.Active.Id, time, cancellationToken),
            registry.Active.Id,
            models.Current.Provider.ToString(),
            totals.Accepted,
            totals.Refreshed,
            totals.InferenceRuns,
            Math.Round(totals.Inference.TotalSeconds, 6),
            Math.Round((time.GetUtcNow() - Started).TotalSeconds, 1),
            Version));
    }

    /// <summary>Null while the record does not answer: the rest can be told.</summary>
    private static async Task<int?> CountUsersAsync(UserDirectory users, string model, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await users.CountAsync(model, cancellationToken).WaitAsync(LongestWait, time, cancellationToken);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return null;
        }
    }
}

/// <summary>The service at a glance.</summary>
/// <param name="Empty">Whether no user has a window.</param>
/// <param name="Due">Users whose profile is behind their window.</param>
/// <param name="Users">Users that have a profile by the active model, as of two seconds ago at most; left out while the record does not answer.</param>
/// <param name="Model">The active model.</param>
/// <param name="Provider">What it really runs on: Cpu or Cuda.</param>
/// <param name="Events">Events that this process accepted since it started.</param>
/// <param name="Refreshes">Profiles that it computed.</param>
/// <param name="InferenceRuns">Runs of the model, of a batch each.</param>
/// <param name="InferenceSeconds">What they took in all.</param>
internal sealed record StatusResponse(
    bool Empty, long Due, int? Users, string Model, string Provider, long Events, long Refreshes, long InferenceRuns, double InferenceSeconds, double UptimeSeconds, string Version);
