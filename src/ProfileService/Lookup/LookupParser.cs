using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Parses the JSON object of a lookup.</summary>
internal sealed class LookupParser(IOptions<LookupOptions> options)
{
    private const string Owner = "a lookup";
    private const string Field = "userIds";

    private readonly int _maxUsers = options.Value.MaxUsers;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public LookupRequest? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObject.Read<LookupRequest>(ref json, index, Owner, Read, out problem);

    private LookupRequest? Read(JsonElement value, out EntryProblem? problem)
    {
        problem = JsonObject.ProblemOfNames(value, Owner, [Field]);
        if (problem is not null)
            return null;
        if (JsonObject.Find(value, Field) is not { } ids)
            problem = new EntryProblem(0, "missing_field", Field, $"{JsonNames.Required(Field)} It is an array of strings.");
        else if (ids.ValueKind != JsonValueKind.Array)
            problem = new EntryProblem(0, "wrong_type", Field, $"{Field} must be an array of strings, not {JsonNames.Of(ids.ValueKind)}.");
        else if (ids.GetArrayLength() > _maxUsers)
            problem = new EntryProblem(0, "too_many_users", Field, $"{Field} may hold at most {_maxUsers:N0} ids (Lookup:MaxUsers).");
        else
            return ReadIds(ids, out problem);
        return null;
    }

    private static LookupRequest? ReadIds(JsonElement ids, out EntryProblem? problem)
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
        return new LookupRequest(read);
    }

    private static EntryProblem? ProblemOf(string field, JsonElement id)
    {
        if (id.ValueKind != JsonValueKind.String)
            return new EntryProblem(0, "wrong_type", field, $"{field} must be a string, not {JsonNames.Of(id.ValueKind)}.");
        return EntityId.ProblemOf(field, id.GetString()!) is var (code, detail) ? new EntryProblem(0, code, field, detail) : null;
    }
}
