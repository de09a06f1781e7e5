using System.Text.Json;
using ProfileService.Intake;

namespace ProfileService.Privacy.Export;

/// <summary>Parses the JSON object that asks for an export.</summary>
internal static class ExportParser
{
    private const string Owner = "an export";

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static ExportRequest? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<ExportRequest>(ref json, index, Owner, Read, out problem);

    private static ExportRequest? Read(JsonElement value, out EntryProblem? problem) =>
        UserIdObject.Read(value, Owner, out problem) is { } id ? new ExportRequest(id) : null;
}
