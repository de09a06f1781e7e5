using System.Text.Json;

namespace ProfileService.Client;

/// <summary>The models of a service.</summary>
/// <param name="Active">Computes the profiles.</param>
/// <param name="Sentiment">Name and version of the one that scores texts; null where none does.</param>
public sealed record ServiceModels(ServiceModel Active, string? Sentiment = null);

/// <summary>One model.</summary>
/// <param name="Model">Name and version, as in a profile.</param>
/// <param name="Dimension">Length of its vectors.</param>
/// <param name="MaxEvents">Longest window that it reads.</param>
/// <param name="Provider">What it really runs on: Cpu or Cuda.</param>
/// <param name="Metrics">Training metrics, as its package gives them.</param>
/// <param name="ContentDimension">Numbers of an item's content that it takes; 0 where it takes none.</param>
/// <param name="ItemVectors">Items that it can recommend; 0 where it cannot.</param>
public sealed record ServiceModel(
    string Model,
    string Name,
    string Version,
    int Dimension,
    int MaxEvents,
    string Provider,
    int ContentDimension = 0,
    int ItemVectors = 0,
    JsonElement? Metrics = null);
