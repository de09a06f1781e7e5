namespace ProfileService.Platform;

/// <summary>Tags of health checks.</summary>
internal static class HealthTag
{
    /// <summary>The check decides whether the service is ready.</summary>
    public const string Ready = "ready";
}
