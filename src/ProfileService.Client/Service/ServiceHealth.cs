using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>Whether a service can store events now, check by check.</summary>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>: the worst of the checks.</param>
/// <param name="Checks">Name and result of each check.</param>
public sealed record ServiceHealth(string Status, IReadOnlyDictionary<string, HealthCheck> Checks)
{
    /// <summary>Whether an event sent now would be stored.</summary>
    [JsonIgnore]
    public bool IsReady => Status != "Unhealthy";
}

/// <summary>The result of one check.</summary>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>.</param>
/// <param name="Description">What was found; null if there is nothing to say.</param>
public sealed record HealthCheck(string Status, string? Description = null);
