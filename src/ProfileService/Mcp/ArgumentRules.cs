using System.Text.Json;
using System.Text.Json.Nodes;
using ProfileService.Platform;

namespace ProfileService.Mcp;

/// <summary>What a route cannot check of a tool's arguments: their names, ids that become a path, and the tools' own bounds.</summary>
internal static class ArgumentRules
{
    /// <summary>The problem of a call; null if the route may judge it.</summary>
    public static JsonObject? ProblemOf(ToolRoute route, IReadOnlyDictionary<string, JsonElement> arguments)
    {
        var known = route.Definition.Arguments;
        foreach (var name in known.Where(name => route.IsInPath(name) && !arguments.ContainsKey(name)))
            return Problem("required", name, $"{name} is missing.");
        foreach (var (name, value) in arguments)
        {
            if (!known.Contains(name))
                return Unknown(ShortText.Of(name), known);
            if (!IsText(value))
                return Problem("invalid_text", name, $"{name} is not valid Unicode text.");
            if (route.IsInPath(name) && ProblemOfId(name, value) is { } wrongId)
                return wrongId;
            if (ToolArguments.Bounds.TryGetValue(name, out var bound) && Exceeds(value, bound))
                return Problem("out_of_range", name, $"{name} may be at most {bound} here, for answers are kept small.");
        }

        return null;
    }

    private static JsonObject Unknown(string name, string[] known) => Problem(
        "unknown_parameter", name,
        $"{name} is not an argument of this tool, which has {string.Join(", ", Nearest.InOrder(name, known))}.");

    private static JsonObject? ProblemOfId(string name, JsonElement value) =>
        value.ValueKind != JsonValueKind.String ? Problem("wrong_type", name, $"{name} must be text.")
        : EntityId.ProblemOf(name, value.GetString()!) is var (code, detail) ? Problem(code, name, detail)
        : null;

    // Half of a surrogate pair may be written in JSON, and is no character.
    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind != JsonValueKind.String || value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Exceeds(JsonElement value, int bound) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDouble(out var number) && number > bound,
        JsonValueKind.Array => value.GetArrayLength() > bound,
        _ => false,
    };

    private static JsonObject Problem(string code, string field, string detail) =>
        new() { ["status"] = StatusCodes.Status400BadRequest, ["code"] = code, ["field"] = field, ["detail"] = detail };
}
