using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Attributes;
using ProfileService.Events;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Parses the JSON object of a session: events and attributes by the parsers that read them where they are stored.</summary>
internal sealed class SessionParser(EventParser events, AttributeParser attributes, IOptions<IntakeOptions> options)
{
    private const string Owner = "a session";
    private const string EventsField = "events";

    private static readonly string[] Fields = [EventsField, "attributes", "recommend"];

    private readonly int _maxEvents = options.Value.MaxArrayLength;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public Session? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<Session>(ref json, index, Owner, Read, out problem);

    private Session? Read(JsonElement value, out EntryProblem? problem)
    {
        problem = JsonObjectReader.ProblemOfNames(value, Owner, Fields);
        if (problem is not null)
            return null;
        var (fields, unknown) = (new JsonFields(value), new UnknownFields());
        var read = ReadEvents(fields, unknown, out problem);
        problem ??= ProblemOfUsers(read);
        var userId = read is [var first, ..] ? first.UserId : "";
        var (known, recommend) = (default(AttributesRow), default(RecommendationRequest));
        if (problem is null && fields.Find("attributes") is { } given)
            known = ReadAttributes(given, userId, out problem);
        if (problem is null && fields.Find("recommend") is { } asked)
            recommend = ReadRecommend(fields, asked, out problem);
        return problem is null ? new Session(userId, read, known, recommend, unknown.Names) : null;
    }

    private List<WindowEvent> ReadEvents(JsonFields fields, UnknownFields unknown, out EntryProblem? problem)
    {
        var (read, given) = (new List<WindowEvent>(), fields.Find(EventsField));
        if (given is { ValueKind: not JsonValueKind.Array } other)
            fields.Refuse<string>(ErrorCodes.WrongType, EventsField, $"must be an array of events, not {JsonNames.Of(other.ValueKind)}.");
        else if (given?.GetArrayLength() > _maxEvents)
            fields.Refuse<string>(
                "too_many_events", EventsField, $"may hold at most {_maxEvents:N0} events (Events:MaxArrayLength). Send the newest.");
        problem = fields.Problem;
        foreach (var e in problem is null && given is { } array ? array.EnumerateArray() : default)
        {
            if (ReadEvent(e, read.Count, unknown, out problem) is not { } parsed)
                break;
            read.Add(parsed);
        }

        return read;
    }

    private WindowEvent? ReadEvent(JsonElement value, int index, UnknownFields unknown, out EntryProblem? problem)
    {
        var json = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        json.Read();
        var parsed = events.Parse(ref json, 0, unknown, out problem);
        var path = $"{EventsField}[{index}]";
        problem = problem is null ? null : problem with
        {
            Field = problem.Field is null ? path : $"{path}.{problem.Field}",
            Detail = $"{path}: {problem.Detail}",
        };
        return parsed;
    }

    private AttributesRow? ReadAttributes(JsonElement value, string userId, out EntryProblem? problem)
    {
        var json = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        json.Read();
        return attributes.Parse(ref json, userId, out problem);
    }

    private static RecommendationRequest? ReadRecommend(JsonFields fields, JsonElement value, out EntryProblem? problem)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return RefuseForSessions(RecommendationParser.Read(value, "recommend.", out problem), ref problem);
        fields.Refuse<string>(ErrorCodes.WrongType, "recommend", $"must be an object, not {JsonNames.Of(value.ValueKind)}.");
        problem = fields.Problem;
        return null;
    }

    private static RecommendationRequest? RefuseForSessions(RecommendationRequest? request, ref EntryProblem? problem)
    {
        const string Seen = $"recommend.{RecommendationParser.ExcludeSeen}";
        const string Context = $"recommend.{RecommendationContext.Field}";
        problem ??= request?.LeavesOutAllSeen() == true
            ? new EntryProblem(
                0, "unknown_word", Seen, $"{Seen} must be window or purchased or never: a session has no more than its events.")
            : request?.Context is not null
            ? new EntryProblem(
                0, ErrorCodes.UnknownParameter, Context, $"{Context} is not for sessions. Send what is looked at as view events.")
            : null;
        return problem is null ? request : null;
    }

    private static EntryProblem? ProblemOfUsers(List<WindowEvent> events)
    {
        var other = events.FindIndex(e => e.UserId != events[0].UserId);
        return other < 0 ? null : new EntryProblem(
            0, "several_users", $"{EventsField}[{other}].userId", $"{EventsField}[{other}].userId must be that of the first event.");
    }
}
