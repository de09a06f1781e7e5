using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProfileService.Intake;
using JsonObject = System.Text.Json.Nodes.JsonObject;

namespace ProfileService.Cli;

/// <summary>Moves all events of a file by the same time, so that the last of them is now.</summary>
internal static class MovedTimes
{
    private const string Timestamp = "timestamp";

    /// <param name="open">Opens the file; it is read twice.</param>
    /// <exception cref="CommandException">The file can be read only once.</exception>
    public static EventFile ToNow(Func<EventFile> open, DateTimeOffset now)
    {
        var file = open();
        if (file.Length is null)
            throw new CommandException($"--now reads the events twice, and {file.Name} can be read only once. Write them to a file first.");
        var last = file.Lines.Max(line => TimeOf(ObjectOf(line.Json)));
        var shift = last is null ? 0 : (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond - last.Value;
        var again = open();
        return again with { Lines = again.Lines.Select(line => (line.Number, Move(line.Json, shift))) };
    }

    // What is no event with a time goes as it is: the service says what is wrong with it.
    private static string Move(string json, long shift)
    {
        var found = ObjectOf(json);
        if (TimeOf(found) is not { } microseconds)
            return json;
        found![Timestamp] = DateTime.UnixEpoch.AddTicks((microseconds + shift) * TimeSpan.TicksPerMicrosecond);
        return found.ToJsonString();
    }

    private static JsonObject? ObjectOf(string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long? TimeOf(JsonObject? json)
    {
        if (json?[Timestamp] is not JsonValue value)
            return null;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(value.ToJsonString()));
        reader.Read();
        return TimestampReader.Read(ref reader, out var microseconds) is null ? microseconds : null;
    }
}
