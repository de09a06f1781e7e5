using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>Whether a service can do its work, check by check.</summary>
/// <param name="Status">Healthy, Degraded or Unhealthy, as the worst of the checks.</param>
public sealed record ServiceHealth(string Status, IReadOnlyDictionary<string, HealthCheck> Checks)
{
    /// <summary>Whether it takes in events.</summary>
    [JsonIgnore]
    public bool IsReady => Status != "Unhealthy";
}

/// <summary>One check.</summary>
/// <param name="Status">Healthy, Degraded or Unhealthy.</param>
/// <param name="Description">What is amiss.</param>
public sealed record HealthCheck(string Status, string? Description = null);
