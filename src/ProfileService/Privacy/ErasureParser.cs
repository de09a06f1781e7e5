using System.Text.Json;
using ProfileService.Intake;

namespace ProfileService.Privacy;

/// <summary>Parses the JSON object of an erasure.</summary>
internal static class ErasureParser
{
    public const int MaxUsers = 1_000;

    private const string Owner = "an erasure";

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static ErasureRequest? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<ErasureRequest>(ref json, index, Owner, Read, out problem);

    private static ErasureRequest? Read(JsonElement value, out EntryProblem? problem)
    {
        if (UserIdArray.Read(value, Owner, MaxUsers, ". Send more in further requests.", out problem) is not { } ids)
            return null;
        if (ids.Count == 0)
            problem = UserIdArray.Empty;
        return problem is null ? new ErasureRequest(ids) : null;
    }
}
