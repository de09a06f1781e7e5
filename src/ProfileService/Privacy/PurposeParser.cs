using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Purposes;

namespace ProfileService.Privacy;

/// <summary>
/// Parses a JSON object into a user's purposes. Each purpose must be there, so that nothing is agreed to by being left out. A problem is
/// returned, not thrown.
/// </summary>
internal static class PurposeParser
{
    private const string Owner = "a user's purposes";
    private const string UserId = "userId";

    private static readonly string[] Names = [.. PurposeNames.All];
    private static readonly string[] NamesWithUser = [UserId, .. PurposeNames.All];

    /// <summary>Reads an object with userId and the purposes.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static GivenPurposes? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<GivenPurposes>(ref json, index, Owner, ReadUser, out problem);

    /// <summary>Reads an object with the purposes of a user that the path names.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static GivenPurposes? Parse(ref Utf8JsonReader json, string userId, out EntryProblem? problem) => JsonObjectReader.Read(
        ref json, 0, Owner, (JsonElement value, out EntryProblem? wrong) => ReadPurposes(userId, value, Names, out wrong), out problem);

    private static GivenPurposes? ReadUser(JsonElement value, out EntryProblem? problem)
    {
        var id = JsonObjectReader.Find(value, UserId);
        if (id is { ValueKind: not JsonValueKind.String } other)
            problem = new EntryProblem(0, ErrorCodes.WrongType, UserId, $"{UserId} must be a string, not {JsonNames.Of(other.ValueKind)}.");
        else if (id is { } text && EntityId.ProblemOf(UserId, text.GetString()!) is var (code, detail))
            problem = new EntryProblem(0, code, UserId, detail);
        else
            return ReadPurposes(id?.GetString() ?? "", value, NamesWithUser, out problem);
        return null;
    }

    private static GivenPurposes? ReadPurposes(string userId, JsonElement value, string[] names, out EntryProblem? problem)
    {
        problem = JsonObjectReader.ProblemOfNames(value, Owner, names);
        string[] missing = [.. names.Where(name => JsonObjectReader.Find(value, name) is null)];
        if (problem is null && missing.Length > 0)
            problem = new EntryProblem(0, ErrorCodes.MissingField, missing[0], JsonNames.Required(missing));
        var types = PurposeNames.All.Select(name => (Name: name, Value: JsonObjectReader.Find(value, name)));
        problem ??= types.Select(t => WrongType(t.Name, t.Value!.Value)).FirstOrDefault(wrong => wrong is not null);
        if (problem is not null)
            return null;
        var allowed = PurposeNames.All.Where(name => JsonObjectReader.Find(value, name)!.Value.GetBoolean());
        return new GivenPurposes(userId, PurposeNames.FromNames(allowed));
    }

    private static EntryProblem? WrongType(string name, JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? null
        : new EntryProblem(0, ErrorCodes.WrongType, name, $"{name} must be true or false, not {JsonNames.Of(value.ValueKind)}.");
}
