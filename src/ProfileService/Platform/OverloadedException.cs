namespace ProfileService.Platform;

/// <summary>The process is overloaded. The response is 503 with Retry-After.</summary>
internal sealed class OverloadedException(string message) : Exception(message)
{
    /// <summary>Code of the problem.</summary>
    public const string Code = "overloaded";
}
