using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>The items to put in order for a user.</summary>
/// <param name="ItemIds">As events name them; a repeated id is answered once.</param>
internal sealed record RankRequest([Id, MaxLength(RankRequest.MaxItems)] IReadOnlyList<string> ItemIds)
{
    public const int MaxItems = 1_000;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static RankRequest? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<RankRequest>(ref json, index, "a ranking", Read, out problem);

    private static RankRequest? Read(JsonElement value, out EntryProblem? problem) =>
        IdArray.Read(value, "a ranking", "itemIds", "items", MaxItems, ". Send more in further requests.", out problem) is { } ids
            ? new RankRequest(ids)
            : null;
}
