using System.Text.Json.Nodes;

namespace ProfileService.Mcp;

/// <summary>Makes answers smaller.</summary>
internal static class AnswerFields
{
    /// <summary>Removes members of these names, wherever they stand: in an answer, or as properties in its schema.</summary>
    public static void Remove(JsonNode? node, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return;
        if (node is JsonObject members)
        {
            foreach (var name in names)
                members.Remove(name);
            foreach (var (_, value) in members)
                Remove(value, names);
        }

        foreach (var element in node as JsonArray ?? [])
            Remove(element, names);
    }

    /// <summary>Keeps of an explanation's events those without which the profile would change most.</summary>
    public static void KeepTellingEvents(JsonObject explanation)
    {
        var telling = explanation["withoutEvent"]!.AsArray().Select(e => (string)e!["eventId"]!).ToHashSet();
        var events = explanation["events"]!.AsArray().Where(e => telling.Contains((string)e!["eventId"]!));
        explanation["events"] = new JsonArray([.. events.Select(e => e!.DeepClone())]);
    }
}
