using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Cli.Replay;

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
        var last = file.Lines.Max(line => WithTime<long?>(line.Json, (_, microseconds) => microseconds));
        var shift = last is null ? 0 : (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond - last.Value;
        var again = open();
        return again with { Lines = again.Lines.Select(line => (line.Number, Move(line.Json, shift))) };
    }

    private static string Move(string json, long shift) =>
        WithTime(json, (found, microseconds) =>
        {
            var moved = Math.Max(microseconds + shift, EventTime.Earliest - 1); // which the service refuses, as it does all before
            found[Timestamp] = DateTime.UnixEpoch.AddTicks(moved * TimeSpan.TicksPerMicrosecond);
            return found.ToJsonString();
        }) ?? json;

    /// <summary>
    /// Null for what is no event with a time, or has text that is not Unicode: it goes as it is, and the service says what is wrong.
    /// </summary>
    private static T? WithTime<T>(string json, Func<JsonObject, long, T> use)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new() { AllowDuplicateProperties = false }) is JsonObject found
                && TimeOf(found) is { } microseconds ? use(found, microseconds) : default;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    private static long? TimeOf(JsonObject json)
    {
        if (json[Timestamp] is not JsonValue value)
            return null;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(value.ToJsonString()));
        reader.Read();
        return TimestampReader.Read(ref reader, out var microseconds) is null ? microseconds : null;
    }
}
