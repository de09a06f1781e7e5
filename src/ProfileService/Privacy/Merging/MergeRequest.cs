using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Privacy.Merging;

/// <summary>Whom to merge into a user.</summary>
/// <param name="From">The id that becomes an alias of the user; it need not be known.</param>
internal sealed record MergeRequest([Id] string From)
{
    private const string Owner = "a merge";
    private const string Field = "from";

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static MergeRequest? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<MergeRequest>(ref json, index, Owner, Read, out problem);

    private static MergeRequest? Read(JsonElement value, out EntryProblem? problem) =>
        UserIdObject.Read(value, Field, Owner, out problem) is { } id ? new MergeRequest(id) : null;
}

/// <summary>A person after a merge.</summary>
/// <param name="UserId">The id under which the person is known. It is another one than the path's if that is an alias itself.</param>
/// <param name="From">The alias.</param>
/// <param name="Aliases">Number of aliases of the person.</param>
/// <param name="MovedEvents">Number of events that were in the alias's window; 0 if there was none, or if it was moved before.</param>
internal sealed record MergeResponse([Id] string UserId, [Id] string From, int Aliases, int MovedEvents);
