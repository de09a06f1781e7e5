namespace ProfileService.Mcp;

/// <summary>What holds for arguments of the same name in all tools: how they are described, and bounds that keep answers small.</summary>
internal static class ToolArguments
{
    public const string Count = "count";

    public const int DefaultCount = 10;

    /// <summary>The greatest number, or the length of the longest list. The operations themselves allow more.</summary>
    public static readonly IReadOnlyDictionary<string, int> Bounds = new Dictionary<string, int> { [Count] = 50, ["itemIds"] = 100 };

    /// <summary>Descriptions in place of those that speak of addresses and queries.</summary>
    public static readonly IReadOnlyDictionary<string, string> Descriptions = new Dictionary<string, string>
    {
        ["userId"] = "The user's id, as the application names the user. 1 to 128 characters, none of them a control character.",
        ["itemId"] = "The item's id, as the application names the item. 1 to 128 characters, none of them a control character.",
        ["categories"] = "Keeps only items of these categories.",
        ["fresh"] = "Whether to wait, about a second at most, until events that are pending are in the profile.",
    };
}
