namespace ProfileService.Tests.Kafka;

/// <summary>What readiness says of Kafka.</summary>
internal static class KafkaReadiness
{
    /// <summary>The status of the check and its description; empty if there is no check.</summary>
    public static async Task<string> OfAsync(TestService service)
    {
        var checks = (await service.GetAsync("/health/ready")).Json.GetProperty("checks");
        return checks.TryGetProperty("kafka", out var kafka)
            ? $"{kafka.GetProperty("status")} {(kafka.TryGetProperty("description", out var description) ? description.GetString() : null)}"
            : "";
    }
}
