using System.Text.Json.Nodes;

namespace ProfileService.Mcp;

/// <summary>Makes answers smaller.</summary>
internal static class AnswerFields
{
    /// <summary>Removes a field of an answer.</summary>
    /// <param name="path">Its name after those of the fields that it is in, such as <c>events.heads</c>; arrays need no name.</param>
    public static void Remove(JsonNode? answer, string path)
    {
        if (answer is JsonArray elements)
        {
            foreach (var element in elements)
                Remove(element, path);
        }
        else if (answer is JsonObject fields)
        {
            if (path.Split('.', 2) is [var outer, var inner])
                Remove(fields[outer], inner);
            else
                fields.Remove(path);
        }
    }

    /// <summary>Removes the same field of an answer's schema.</summary>
    public static void RemoveFromSchema(JsonNode schema, string path)
    {
        var fields = (schema["items"] ?? schema)["properties"]!.AsObject();
        if (path.Split('.', 2) is [var outer, var inner])
            RemoveFromSchema(fields[outer]!, inner);
        else
            fields.Remove(path);
    }

    /// <summary>Keeps of an explanation's events those without which the profile would change most.</summary>
    public static void KeepTellingEvents(JsonObject explanation)
    {
        var telling = explanation["withoutEvent"]!.AsArray().Select(e => (string)e!["eventId"]!).ToHashSet();
        var events = explanation["events"]!.AsArray().Where(e => telling.Contains((string)e!["eventId"]!));
        explanation["events"] = new JsonArray([.. events.Select(e => e!.DeepClone())]);
    }
}
