namespace ProfileService.Client;

/// <summary>The service at a glance.</summary>
/// <param name="Empty">Whether no user has events.</param>
/// <param name="Due">Number of users whose profile is behind their events or attributes.</param>
/// <param name="Model">Name and version of the active model.</param>
/// <param name="Provider">What the model runs on: <c>Cpu</c> or <c>Cuda</c>.</param>
/// <param name="Users">
/// Number of users with a profile by the active model, at most two seconds old; null while the profile store is unreachable.
/// </param>
/// <param name="Events">Events that the process has accepted.</param>
/// <param name="Refreshes">Profiles that the process has computed.</param>
/// <param name="InferenceSeconds">Seconds that its model runs took.</param>
/// <param name="InferenceRuns">Its model runs, one per batch of users.</param>
/// <param name="UptimeSeconds">Seconds since the process started.</param>
/// <param name="Version">Version of the service.</param>
/// <param name="Recommendations">
/// What became of the recommendations of the last 30 days, by model, in all processes on the same stores; null while the store is
/// unreachable.
/// </param>
/// <param name="RejectedEvents">Events that the process has rejected, because they broke a rule.</param>
/// <param name="FailedRefreshes">Refreshes of the process that failed, as often as a user's did; they are tried again.</param>
/// <param name="FreshnessSeconds">
/// Seconds from the acceptance of a user's first pending event until its vector could be read, in sum over the refreshes.
/// </param>
public sealed record ServiceStatus(
    bool Empty,
    long Due,
    string Model,
    string Provider,
    long? Users = null,
    long Events = 0,
    long Refreshes = 0,
    double InferenceSeconds = 0,
    long InferenceRuns = 0,
    double UptimeSeconds = 0,
    string? Version = null,
    IReadOnlyList<RecommendationOutcome>? Recommendations = null,
    long RejectedEvents = 0,
    long FailedRefreshes = 0,
    double FreshnessSeconds = 0);

/// <summary>What became of the recommendations of a model.</summary>
/// <param name="Model">Name and version.</param>
/// <param name="Shown">Items that answers listed, as often as they did.</param>
/// <param name="Clicked">Accepted events of the kinds view and click that named such a recommendation.</param>
/// <param name="Bought">Accepted events of the kind purchase that named such a recommendation.</param>
public sealed record RecommendationOutcome(string Model, long Shown, long Clicked, long Bought);
