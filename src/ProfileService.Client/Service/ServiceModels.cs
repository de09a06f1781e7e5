using System.Text.Json;

namespace ProfileService.Client;

/// <summary>The models of a service.</summary>
public sealed record ServiceModels(ServiceModel Active);

/// <summary>One model.</summary>
/// <param name="Model">Name and version, as in a profile.</param>
/// <param name="Dimension">Length of its vectors.</param>
/// <param name="MaxEvents">Longest window that it reads.</param>
/// <param name="Provider">What it really runs on: Cpu or Cuda.</param>
/// <param name="Metrics">Training metrics, as its package gives them.</param>
/// <param name="ItemVectors">Items that it can recommend; 0 where it cannot.</param>
public sealed record ServiceModel(
    string Model, string Name, string Version, int Dimension, int MaxEvents, string Provider, JsonElement? Metrics = null, int ItemVectors = 0);
