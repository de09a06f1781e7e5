using System.Text.Json;

namespace ProfileService.Client;

/// <summary>The models of a service.</summary>
/// <param name="Active">The model that computes profiles.</param>
/// <param name="Sentiment">Name and version of the model that scores texts; null if sentiment is switched off.</param>
public sealed record ServiceModels(ServiceModel Active, string? Sentiment = null);

/// <summary>One model.</summary>
/// <param name="Model">Name and version, as in a profile.</param>
/// <param name="Name">Name of the package.</param>
/// <param name="Version">Version of the package.</param>
/// <param name="Dimension">Length of its vectors.</param>
/// <param name="MaxEvents">Number of events that it reads of a window.</param>
/// <param name="Provider">What it runs on: <c>Cpu</c> or <c>Cuda</c>.</param>
/// <param name="ContentDimension">Length of the items' content vectors that it reads; 0 if it reads none.</param>
/// <param name="ItemVectors">Number of items that it can recommend; 0 if it has no item vectors.</param>
/// <param name="Metrics">Metrics of the training, as the package states them; null if it does not.</param>
/// <param name="WindowRules">The windows that the metrics were measured with; null if the package does not say it.</param>
/// <param name="WindowAdvice">Where the windows of the service differ from them, and what to do; null if they do not.</param>
/// <param name="Privacy">Up to which erasure of users it was trained; null if the package does not say it.</param>
/// <param name="ErasuresSince">How many users were erased since then; null if it is not known.</param>
public sealed record ServiceModel(
    string Model,
    string Name,
    string Version,
    int Dimension,
    int MaxEvents,
    string Provider,
    int ContentDimension = 0,
    int ItemVectors = 0,
    JsonElement? Metrics = null,
    WindowRules? WindowRules = null,
    string? WindowAdvice = null,
    ModelPrivacy? Privacy = null,
    int? ErasuresSince = null);

/// <summary>The rules for windows that a model was measured with.</summary>
/// <param name="MaxEvents">The newest events that a window holds.</param>
/// <param name="MaxAgeDays">
/// How many days older than the newest an event may be; 0 for any age. Null if the log has no times to tell by.
/// </param>
/// <param name="Mask">Which items were not ranked for a user: <c>history</c>, all it met, or <c>window</c>, those of the window.</param>
public sealed record WindowRules(int MaxEvents, double? MaxAgeDays = null, string Mask = "history");

/// <summary>Up to which erasure of users a model was trained.</summary>
/// <param name="LedgerSequence">The last entry of the ledger of erased users when the log that it was trained on was exported.</param>
/// <param name="ExportedAt">When that was.</param>
/// <param name="RefitOf">Name and version of the model that was made to forget users; null if training began anew.</param>
public sealed record ModelPrivacy(long LedgerSequence, DateTimeOffset ExportedAt, string? RefitOf = null);
