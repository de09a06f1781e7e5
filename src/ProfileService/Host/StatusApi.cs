using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Attribution;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;

namespace ProfileService.Host;

/// <summary><c>GET /v1/status</c>: an overview of the service.</summary>
internal static class StatusApi
{
    private static readonly DateTimeOffset Started = Process.GetCurrentProcess().StartTime;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/status", GetStatus).WithTags("Service").Costs(ReadCost.Query).RequiresScopes(Scopes.ProfilesRead);

    /// <summary>Gets the service at a glance</summary>
    /// <remarks>
    /// How many users there are, how many are due, what this process has done since it started, what became of recommendations, and the
    /// rate, errors and latencies of requests in the last minutes.
    /// </remarks>
    /// <response code="200">The status.</response>
    private static async Task<Ok<ServiceStatus>> GetStatus(
        WindowCounts windows, UserDirectory users, ModelRegistry registry, ModelSlot models, ProfileMetrics metrics, Outcomes outcomes,
        RecentRequests requests, TimeProvider time, CancellationToken cancellationToken)
    {
        var totals = metrics.Totals;
        var recommendations = FindOrNullAsync(outcomes.FindAsync(), time, cancellationToken);
        var (isEmpty, due) = await windows.FindAsync(cancellationToken);
        return TypedResults.Ok(new ServiceStatus(
            isEmpty,
            due,
            await FindOrNullAsync(CountAsync(users, registry.Active.Id, cancellationToken), time, cancellationToken),
            registry.Active.Id,
            models.Current.Provider.ToString(),
            totals.Accepted,
            totals.Refreshed,
            totals.InferenceRuns,
            Math.Round(totals.Inference.TotalSeconds, 6),
            totals.Rejected,
            totals.FailedRefreshes,
            Math.Round(totals.Freshness.TotalSeconds, 6),
            Math.Round((time.GetUtcNow() - Started).TotalSeconds, 1),
            ServiceVersion.Current,
            await recommendations,
            requests.Read()));
    }

    private static async Task<int?> CountAsync(UserDirectory users, string model, CancellationToken cancellationToken) =>
        await users.CountAsync(model, cancellationToken);

    /// <summary>Returns null if the store does not respond, so that the rest of the status is still served.</summary>
    private static async Task<T?> FindOrNullAsync<T>(Task<T> finding, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await finding.WaitAsync(LongestWait, time, cancellationToken);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return default;
        }
    }
}

/// <summary>The service at a glance.</summary>
/// <param name="Empty">Whether no user has events.</param>
/// <param name="Due">Number of users whose profile is behind their events or attributes.</param>
/// <param name="Users">
/// Number of users with a profile by the active model, at most two seconds old; left out while the profile store is unreachable.
/// </param>
/// <param name="Model">Name and version of the active model.</param>
/// <param name="Provider">What the model runs on.</param>
/// <param name="Events">Events that this process has accepted.</param>
/// <param name="Refreshes">Profiles that this process has computed.</param>
/// <param name="InferenceRuns">Model runs of this process, one for each group of windows of similar length.</param>
/// <param name="InferenceSeconds">Seconds that those runs took.</param>
/// <param name="RejectedEvents">
/// Events that this process has rejected: they broke a rule, the user's purposes do not allow a profile, or the window was altered.
/// </param>
/// <param name="FailedRefreshes">
/// Failed refreshes of this process, which are tried again. A user whose refresh fails twice counts twice.
/// </param>
/// <param name="FreshnessSeconds">
/// Seconds from the acceptance of a user's first pending event until its vector could be read, in sum over the refreshes.
/// </param>
/// <param name="UptimeSeconds">Seconds since this process started.</param>
/// <param name="Version">Version of the service.</param>
/// <param name="Recommendations">
/// What became of the recommendations of the last 30 days, by model, in all processes on the same stores; left out while the store is
/// unreachable.
/// </param>
/// <param name="HttpRequests">Requests that this process has answered in the last minutes, with errors and latencies.</param>
internal sealed record ServiceStatus(
    bool Empty,
    long Due,
    int? Users,
    string Model,
    [OneOf("Cpu", "Cuda")] string Provider,
    long Events,
    long Refreshes,
    long InferenceRuns,
    [Range(0d, double.PositiveInfinity)] double InferenceSeconds,
    long RejectedEvents,
    long FailedRefreshes,
    [Range(0d, double.PositiveInfinity)] double FreshnessSeconds,
    [Range(0d, double.PositiveInfinity)] double UptimeSeconds,
    string Version,
    IReadOnlyList<RecommendationOutcome>? Recommendations,
    HttpRequests HttpRequests);
