using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Reads an array of ids in a field of an object.</summary>
internal static class IdArray
{
    /// <summary>The ids of an object with this one field; null and a problem if the object breaks a rule.</summary>
    /// <param name="owner">What the object is called in a message, such as "a lookup".</param>
    /// <param name="noun">What the ids are of in the code of a problem, such as "users".</param>
    /// <param name="advice">What to do about too many ids, for people.</param>
    public static List<string>? Read(
        JsonElement value, string owner, string field, string noun, int most, string advice, out EntryProblem? problem)
    {
        problem = JsonObjectReader.ProblemOfNames(value, owner, [field]);
        return problem is null ? Read(value, field, noun, most, advice, out problem) : null;
    }

    /// <summary>The ids of a field; null and a problem if they are not given or break a rule.</summary>
    public static List<string>? Read(
        JsonElement value, string field, string noun, int most, string advice, out EntryProblem? problem)
    {
        if (JsonObjectReader.Find(value, field) is not { } ids)
            problem = new EntryProblem(0, ErrorCodes.MissingField, field, $"{JsonNames.Required(field)} It is an array of strings.");
        else if (ids.ValueKind != JsonValueKind.Array)
            problem = new EntryProblem(0, ErrorCodes.WrongType, field,
                $"{field} must be an array of strings, not {JsonNames.Of(ids.ValueKind)}.");
        else if (ids.GetArrayLength() > most)
            problem = new EntryProblem(0, $"too_many_{noun}", field, $"{field} may hold at most {most:N0} ids{advice}");
        else
            return ReadIds(ids, field, out problem);
        return null;
    }

    private static List<string>? ReadIds(JsonElement ids, string field, out EntryProblem? problem)
    {
        var read = new List<string>(ids.GetArrayLength());
        foreach (var id in ids.EnumerateArray())
        {
            // Checked first without a path, which is built only for a problem.
            if (id.ValueKind != JsonValueKind.String || id.GetString() is not { } text || !EntityId.IsValid(text))
            {
                problem = ProblemOf($"{field}[{read.Count}]", id);
                return null;
            }

            read.Add(text);
        }

        problem = null;
        return read;
    }

    private static EntryProblem? ProblemOf(string field, JsonElement id)
    {
        if (id.ValueKind != JsonValueKind.String)
            return new EntryProblem(0, ErrorCodes.WrongType, field, $"{field} must be a string, not {JsonNames.Of(id.ValueKind)}.");
        return EntityId.ProblemOf(field, id.GetString()!) is var (code, detail) ? new EntryProblem(0, code, field, detail) : null;
    }
}
