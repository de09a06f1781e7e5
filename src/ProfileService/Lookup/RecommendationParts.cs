namespace ProfileService.Lookup;

/// <summary>What <c>?include=</c> adds to recommended items.</summary>
internal static class RecommendationParts
{
    /// <summary>Why each item is recommended. It shows items of the user's events, so that it requires more than the items do.</summary>
    public const string Reason = "reason";

    /// <summary>The problem if <see cref="IncludesReason"/> finds another name.</summary>
    public const string Problem = "include takes reason.";

    /// <summary>Whether the reason is asked for; null if another name is.</summary>
    public static bool? IncludesReason(string? include) => include switch { null => false, Reason => true, _ => null };
}
