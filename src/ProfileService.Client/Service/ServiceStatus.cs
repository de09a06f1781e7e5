namespace ProfileService.Client;

/// <summary>The service at a glance.</summary>
/// <param name="Empty">Whether no user has events.</param>
/// <param name="Due">Users whose profile is behind.</param>
/// <param name="Model">The active model.</param>
/// <param name="Provider">What it really runs on: Cpu or Cuda.</param>
/// <param name="Users">Users with a profile; null while the store of profiles does not answer.</param>
/// <param name="Events">Events accepted since the process began.</param>
/// <param name="Refreshes">Profiles computed since then.</param>
/// <param name="InferenceSeconds">Seconds that the model ran since then.</param>
/// <param name="InferenceRuns">Runs of the model since then.</param>
/// <param name="UptimeSeconds">Seconds since then.</param>
/// <param name="Version">Of the service.</param>
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
    string? Version = null);
