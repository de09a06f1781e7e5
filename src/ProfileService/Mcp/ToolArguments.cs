using ProfileService.Platform;

namespace ProfileService.Mcp;

/// <summary>What holds for arguments of the same name in all tools: how they are described, and bounds that keep answers small.</summary>
internal static class ToolArguments
{
    public const string Count = "count";

    public const int DefaultCount = 10;

    /// <summary>The greatest number, or the length of the longest list. The routes themselves allow more.</summary>
    public static readonly IReadOnlyDictionary<string, int> Bounds = new Dictionary<string, int> { [Count] = 50, ["itemIds"] = 100 };

    private static readonly string IdRule = $"1 to {EntityId.MaxLength} characters, none of them a control character.";

    /// <summary>Descriptions in place of those that speak of addresses and queries.</summary>
    public static readonly IReadOnlyDictionary<string, string> Descriptions = new Dictionary<string, string>
    {
        ["userId"] = $"The user's id, as the application names the user. {IdRule}",
        ["itemId"] = $"The item's id, as the application names the item. {IdRule}",
        ["categories"] = "Keeps only items of these categories.",
        ["fresh"] = "Whether to wait, about a second at most, until events that are pending are in the profile.",
    };
}
