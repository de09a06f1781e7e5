using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Reads an object with one field, <c>userIds</c>, an array of ids.</summary>
internal static class UserIdArray
{
    private const string Field = "userIds";

    /// <summary>The problem of an array without ids, for those who need one.</summary>
    public static EntryProblem Empty => new(0, ErrorCodes.MissingField, Field, $"{Field} must hold at least one id.");

    /// <summary>The ids; null and a problem if the object breaks a rule.</summary>
    /// <param name="owner">What the object is called in a message, such as "a lookup".</param>
    /// <param name="advice">What to do about too many ids, for people.</param>
    public static List<string>? Read(JsonElement value, string owner, int most, string advice, out EntryProblem? problem) =>
        IdArray.Read(value, owner, Field, "users", most, advice, out problem);
}
