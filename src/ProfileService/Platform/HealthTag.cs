namespace ProfileService.Platform;

/// <summary>What a health check decides.</summary>
internal static class HealthTag
{
    /// <summary>Whether the service is ready.</summary>
    public const string Ready = "ready";
}
