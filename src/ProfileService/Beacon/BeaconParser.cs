using System.Runtime.InteropServices;
using System.Text.Json;
using ProfileService.Events;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Beacon;

/// <summary>Parses the JSON object of a beacon: a token, and events by the parser of <c>POST /v1/events</c>.</summary>
internal sealed class BeaconParser(EventParser events, PageTokens tokens)
{
    private const string Owner = "a beacon";
    private const string TokenField = "token";
    private const string EventsField = "events";
    private const int MaxDepth = 4 * JsonText.MaxDepth; // so that an event that is too deep is rejected alone

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public BeaconBody? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<BeaconBody>(ref json, index, Owner, Read, out problem, maxDepth: MaxDepth);

    private BeaconBody? Read(JsonElement value, out EntryProblem? problem)
    {
        var fields = new JsonFields(value);
        var token = fields.Text(TokenField, BeaconBody.MaxBytes);
        var given = FindEvents(fields);
        problem = JsonObjectReader.ProblemOfNames(value, Owner, [TokenField, EventsField]) ?? fields.Problem
            ?? ProblemOfMissing(token, given);
        if (problem is not null)
            return null;
        var body = new BeaconBody(tokens.Read(token!), new ParsedBatch<WindowEvent>(), new IngestSummary());
        if (body.Token is { } proof)
            ReadEvents(given!.Value, proof.UserId, body);
        return body;
    }

    private static JsonElement? FindEvents(JsonFields fields)
    {
        var given = fields.Find(EventsField);
        if (given is { ValueKind: not JsonValueKind.Array } other)
            return Refuse(fields, ErrorCodes.WrongType, $"must be an array of events, not {JsonNames.Of(other.ValueKind)}.");
        return given?.GetArrayLength() > BeaconBody.MaxEvents
            ? Refuse(fields, "too_many_events", $"may hold at most {BeaconBody.MaxEvents} events.")
            : given;
    }

    private static JsonElement? Refuse(JsonFields fields, string code, string rule) =>
        fields.Refuse<JsonElement?>(code, EventsField, rule);

    private static EntryProblem? ProblemOfMissing(string? token, JsonElement? given)
    {
        (string Name, bool IsGiven)[] fields = [(TokenField, token is not null), (EventsField, given is not null)];
        string[] missing = [.. fields.Where(field => !field.IsGiven).Select(field => field.Name)];
        return missing is [var first, ..] ? new EntryProblem(0, ErrorCodes.MissingField, first, JsonNames.Required(missing)) : null;
    }

    private void ReadEvents(JsonElement given, string userId, BeaconBody body)
    {
        foreach (var (index, e) in given.EnumerateArray().Index())
        {
            var json = JsonText.Reader(JsonMarshal.GetRawUtf8Value(e));
            json.Read();
            if (events.Parse(ref json, index, body.Summary.Unknown, out var problem, ofUser: userId) is { } parsed)
                body.Events.Add(index, parsed);
            else
                body.Summary.Reject(problem!);
        }
    }
}
