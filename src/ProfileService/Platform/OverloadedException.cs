namespace ProfileService.Platform;

/// <summary>More work than this process takes on at a time; answered 503 with Retry-After.</summary>
internal sealed class OverloadedException(string message) : Exception(message)
{
    /// <summary>For programs.</summary>
    public const string Code = "overloaded";
}
