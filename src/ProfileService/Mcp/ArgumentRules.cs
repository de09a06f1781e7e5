using System.Text.Json;
using System.Text.Json.Nodes;
using ProfileService.Platform;

namespace ProfileService.Mcp;

/// <summary>
/// What a route cannot check of a tool's arguments: their names, their kinds, which a query does not have, ids that become a path, and the
/// tools' own bounds.
/// </summary>
internal static class ArgumentRules
{
    private const string ItemId = "itemId";
    private const string OfOneItem = $"/items/{{{ItemId}}}"; // end of the route

    /// <summary>The problem of a call; null if the route may judge it.</summary>
    public static JsonObject? ProblemOf(ToolRoute route, IReadOnlyDictionary<string, JsonElement> arguments)
    {
        var known = route.Definition.Arguments;
        foreach (var name in arguments.Keys.Where(name => !known.Contains(name)))
            return Unknown(ShortText.Of(name), known);
        foreach (var name in known.Where(name => route.IsInPath(name) && !arguments.ContainsKey(name)))
            return Problem(ErrorCodes.MissingField, name, $"{name} is missing.");
        foreach (var (name, value) in arguments)
        {
            if (route.IsInPath(name) && ProblemOfId(name, value) is { } wrongId)
                return wrongId;
            if (name == ItemId && route.Pattern.EndsWith(OfOneItem, StringComparison.Ordinal) && ItemLists.IsAt(value.GetString()!))
                return Problem("reserved_id", name, "An item of this id cannot be read by it: its address is that of a list of this name.");
            if (ArgumentKind.ProblemOf(name, value, route.SchemaOf(name)) is { } wrongKind)
                return Problem(ErrorCodes.WrongType, name, wrongKind);
            if (ToolArguments.Bounds.TryGetValue(name, out var bound) && Exceeded(value, bound) is { } rule)
                return Problem(ErrorCodes.OutOfRange, name, $"{name} {rule}.");
        }

        return null;
    }

    private static JsonObject Unknown(string name, string[] known) => Problem(
        ErrorCodes.UnknownParameter, name,
        $"{name} is not an argument of this tool, which has {string.Join(", ", Nearest.InOrder(name, known))}.");

    private static JsonObject? ProblemOfId(string name, JsonElement value) =>
        value.ValueKind != JsonValueKind.String ? Problem(ErrorCodes.WrongType, name, $"{name} must be text.")
        : EntityId.ProblemOf(name, value.GetString()!) is var (code, detail) ? Problem(code, name, detail)
        : null;

    private static string? Exceeded(JsonElement value, int bound) => value.ValueKind switch
    {
        JsonValueKind.Number when !value.TryGetInt32(out var number) || number < 1 || number > bound =>
            $"must be a whole number, 1 to {bound}",
        JsonValueKind.Array when value.GetArrayLength() > bound => $"may have at most {bound} here, for answers are kept small",
        _ => null,
    };

    private static JsonObject Problem(string code, string field, string detail) =>
        new() { ["status"] = StatusCodes.Status400BadRequest, ["code"] = code, ["field"] = field, ["detail"] = detail };
}
