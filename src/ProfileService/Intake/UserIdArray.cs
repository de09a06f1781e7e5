using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Reads an object with one field, <c>userIds</c>, an array of ids.</summary>
internal static class UserIdArray
{
    private const string Field = "userIds";

    /// <summary>The ids; null and a problem if the object breaks a rule.</summary>
    /// <param name="owner">What the object is called in a message, such as "a lookup".</param>
    /// <param name="advice">What to do about too many ids, for people.</param>
    public static List<string>? Read(JsonElement value, string owner, int most, string advice, out EntryProblem? problem)
    {
        problem = JsonObject.ProblemOfNames(value, owner, [Field]);
        if (problem is not null)
            return null;
        if (JsonObject.Find(value, Field) is not { } ids)
            problem = Problem("missing_field", $"{JsonNames.Required(Field)} It is an array of strings.");
        else if (ids.ValueKind != JsonValueKind.Array)
            problem = Problem("wrong_type", $"{Field} must be an array of strings, not {JsonNames.Of(ids.ValueKind)}.");
        else if (ids.GetArrayLength() > most)
            problem = Problem("too_many_users", $"{Field} may hold at most {most:N0} ids{advice}");
        else
            return ReadIds(ids, out problem);
        return null;
    }

    /// <summary>The problem of an array without ids, for those who need one.</summary>
    public static EntryProblem Empty => Problem("missing_field", $"{Field} must hold at least one id.");

    private static List<string>? ReadIds(JsonElement ids, out EntryProblem? problem)
    {
        var read = new List<string>(ids.GetArrayLength());
        foreach (var id in ids.EnumerateArray())
        {
            // Checked first without a path, which is built only for a problem.
            if (id.ValueKind != JsonValueKind.String || id.GetString() is not { } text || !EntityId.IsValid(text))
            {
                problem = ProblemOf($"{Field}[{read.Count}]", id);
                return null;
            }

            read.Add(text);
        }

        problem = null;
        return read;
    }

    private static EntryProblem Problem(string code, string detail) => new(0, code, Field, detail);

    private static EntryProblem? ProblemOf(string field, JsonElement id)
    {
        if (id.ValueKind != JsonValueKind.String)
            return new EntryProblem(0, "wrong_type", field, $"{field} must be a string, not {JsonNames.Of(id.ValueKind)}.");
        return EntityId.ProblemOf(field, id.GetString()!) is var (code, detail) ? new EntryProblem(0, code, field, detail) : null;
    }
}
