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
/// <param name="InferenceRuns">Its model runs, one for each group of windows of similar length.</param>
/// <param name="UptimeSeconds">Seconds since the process started.</param>
/// <param name="Version">Version of the service.</param>
/// <param name="Recommendations">
/// What became of the recommendations of the last 30 days, by model, in all processes on the same stores; null while the store is
/// unreachable.
/// </param>
/// <param name="RejectedEvents">
/// Events that the process has rejected: they broke a rule, the user's purposes do not allow a profile, or the window was altered.
/// </param>
/// <param name="FailedRefreshes">
/// Failed refreshes of the process, which are tried again. A user whose refresh fails twice counts twice.
/// </param>
/// <param name="FreshnessSeconds">
/// Seconds from the acceptance of a user's first pending event until its vector could be read, in sum over the refreshes.
/// </param>
/// <param name="HttpRequests">Requests that the process has answered in the last minutes, with errors and latencies.</param>
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
    double FreshnessSeconds = 0,
    HttpRequests? HttpRequests = null);

/// <summary>What became of the recommendations of a model.</summary>
/// <param name="Model">Name and version.</param>
/// <param name="Shown">Items that answers listed, as often as they did.</param>
/// <param name="Clicked">Accepted events of the kinds view and click that named such a recommendation.</param>
/// <param name="Bought">Accepted events of the kind purchase that named such a recommendation.</param>
public sealed record RecommendationOutcome(string Model, long Shown, long Clicked, long Bought);

/// <summary>
/// Requests to routes of the API that the process answered in this minute and the four before it. Each counts in the minute in which it
/// ended; refusals count, too.
/// </summary>
/// <param name="Seconds">Length of that time: 240 to 300, or since the start of the process.</param>
/// <param name="Total">Requests of all routes.</param>
/// <param name="Tags">By the tag of the route in the API's description, in alphabetical order; without those that had no requests.</param>
public sealed record HttpRequests(double Seconds, HttpRequestSummary Total, IReadOnlyList<HttpRequestSummary> Tags);

/// <summary>What became of requests, and how long they took.</summary>
/// <param name="Requests">Number of requests.</param>
/// <param name="RequestsPerSecond">On average over the time.</param>
/// <param name="ClientErrors">Answers with a status of 400 to 499.</param>
/// <param name="ServerErrors">Answers with a status of 500 or more.</param>
/// <param name="P50Milliseconds">
/// Median of the durations, within 3 %. Streams of changes and exports have none, because they last as long as their reader wants; null if
/// no request has one.
/// </param>
/// <param name="P99Milliseconds">99th percentile of the same.</param>
/// <param name="Tag">Tag of the routes; null for all.</param>
public sealed record HttpRequestSummary(
    long Requests,
    double RequestsPerSecond,
    long ClientErrors,
    long ServerErrors,
    double? P50Milliseconds = null,
    double? P99Milliseconds = null,
    string? Tag = null);
