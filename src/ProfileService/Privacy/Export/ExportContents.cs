namespace ProfileService.Privacy.Export;

/// <summary>The first line of an export.</summary>
/// <param name="Contents">The number of lines of each section that follows. All zero if nothing is known of the user.</param>
/// <param name="UserId">Whose data it is.</param>
/// <param name="ExportedAt">When it was begun.</param>
/// <param name="NotExported">What may have data of the user beside this, and why it is not here.</param>
internal sealed record ExportContents(
    IReadOnlyDictionary<string, long> Contents,
    [Platform.Id] string UserId,
    DateTime ExportedAt,
    IReadOnlyDictionary<string, string> NotExported)
{
    /// <summary>See docs/privacy.md, "Export".</summary>
    public static readonly IReadOnlyDictionary<string, string> WhatIsMissing = new Dictionary<string, string>
    {
        ["memory"] = "Processes keep copies of what is exported here, for minutes.",
        ["limits"] = "Counts of the last seconds, by which pages are limited, have a hash of the id and are gone in seconds.",
        ["scores"] = "Processes remember scores of texts by a hash of the text, without the user.",
        ["files"] = "Files of the stores keep copies of former values until they are rewritten; they cannot be read by user.",
        ["backups"] = "Backups, archived logs and standbys of the stores are the operator's.",
        ["kafka"] = "Topics, with the dead letters, are the operator's; the service cannot read them by user.",
        ["log"] = "The log names a user only whose data was found to be damaged.",
        ["models"] = "A trained model has no ids, and learned from all users at once: it has no part that is one user's.",
    };
}

/// <summary>The last line of an export. One without it was cut off.</summary>
/// <param name="Lines">Number of lines between the first and this one.</param>
internal sealed record ExportEnd(long Lines)
{
    public const string Section = "end";
}

/// <summary>The user whose data is asked for.</summary>
/// <param name="UserId">Any id, also one that no address can hold.</param>
internal sealed record ExportRequest([Platform.Id] string UserId);
