namespace ProfileService.Platform;

/// <summary>What a caller may be allowed to do. A route requires at least one of them; a caller has some of them.</summary>
internal static class Scopes
{
    /// <summary>Post events.</summary>
    public const string EventsWrite = "events:write";

    /// <summary>Read profiles with the attributes in them, recommendations, predictions, items, and the state of the service.</summary>
    public const string ProfilesRead = "profiles:read";

    /// <summary>Read the events that a profile is computed from: windows, texts, explanations.</summary>
    public const string RawRead = "raw:read";

    /// <summary>Replace attributes of users.</summary>
    public const string AttributesWrite = "attributes:write";

    /// <summary>Replace items of the catalogue.</summary>
    public const string ItemsWrite = "items:write";

    /// <summary>Learn the ids of users: search them, or ask for similar ones.</summary>
    public const string UsersList = "users:list";

    /// <summary>Answer the requests of people about their data.</summary>
    public const string Privacy = "privacy";

    /// <summary>Operate the service.</summary>
    public const string Admin = "admin";

    public static readonly IReadOnlyList<string> All =
        [EventsWrite, ProfilesRead, RawRead, AttributesWrite, ItemsWrite, UsersList, Privacy, Admin];
}
