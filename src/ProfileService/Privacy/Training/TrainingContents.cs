using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Privacy.Training;

/// <summary>The first line of a training export.</summary>
/// <param name="LedgerSequence">
/// Number of the last erasure in the ledger before the export began: nothing from before these erasures is in it, nor anything of users
/// whose erasure has not ended.
/// </param>
/// <param name="ExportedAt">When it was begun.</param>
/// <param name="Source">archive: all events that are archived; windows: the newest of each user, as there is no archive.</param>
/// <param name="Users">pseudonyms, or ids.</param>
internal sealed record TrainingContents(
    long LedgerSequence,
    DateTime ExportedAt,
    [property: OneOf("archive", "windows")] string Source,
    [property: OneOf("pseudonyms", "ids")] string Users);

/// <summary>An event without what training does not need.</summary>
internal sealed record TrainingEvent(
    string UserId, string Kind, string ItemId, DateTime Timestamp, IReadOnlyList<string>? Categories, double? Value, string? Text);

/// <summary>A user's attributes, those that were asked for.</summary>
internal sealed record TrainingAttributes(string UserId, IReadOnlyDictionary<string, JsonElement> Attributes);

/// <summary>A user who was erased.</summary>
internal sealed record ForgottenUser(string UserId, long Sequence);
