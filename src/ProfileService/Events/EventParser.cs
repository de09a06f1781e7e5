using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Attribution;
using ProfileService.Events.CloudEvents;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>Parses a JSON object to an event and checks every limit. An invalid event is a return value, not an exception.</summary>
/// <param name="recommendations">Reads ids of recommendations; null if there are none, as in files that were kept.</param>
internal sealed class EventParser(IOptions<EventOptions> options, TimeProvider time, RecommendationIds? recommendations = null)
{
    public const int MaxCategories = 8;
    public const int MaxTextLength = 4_000;

    private const string Recommendation = "recommendationId";
    private const string InFuture = "timestamp_in_future";

    private static readonly string[] FieldNames =
        ["eventId", "userId", "itemId", "kind", "timestamp", "categories", "value", "text", Recommendation];

    private static readonly (string Name, byte[] Utf8)[] Fields = WithUtf8(FieldNames);
    private static readonly string[] CategoryFields = [.. Enumerable.Range(0, MaxCategories).Select(i => $"categories[{i}]")];

    private readonly bool _rejectsUnknown = options.Value.UnknownFields == UnknownFieldPolicy.Reject;
    private readonly (string Name, byte[] Utf8)[] _kinds = WithUtf8(EventKinds.Known.Concat(options.Value.ExtraKinds).Distinct());

    private string MustNotBeInFuture => $"may be at most {options.Value.MaxFuture} ahead of the service's clock (Events:MaxFuture).";

    /// <summary>
    /// Parses the value at the reader's position and advances to the value's last token. Returns null and a problem with the given
    /// <paramref name="index"/> if the event is invalid.
    /// </summary>
    /// <param name="unknown">Collects the names of ignored fields.</param>
    /// <param name="envelope">What completes the event, if it is the data of a CloudEvent.</param>
    /// <param name="ofUser">Whose event it is, if that is known; then the event must not say it. Null if the event says it.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public WindowEvent? Parse(
        ref Utf8JsonReader json,
        long index,
        UnknownFields unknown,
        out EntryProblem? problem,
        CloudEventAttributes? envelope = null,
        string? ofUser = null)
    {
        var (start, deepest) = (json.CurrentDepth, json.CurrentDepth);
        var fields = new EventFields { UserId = ofUser };
        problem = Within(envelope, ReadFields(ref json, ref fields, unknown, ref deepest));
        problem ??= Complete(ref fields, envelope) ?? CheckTogether(fields, envelope);
        JsonText.SkipTo(start, ref json, ref deepest);
        if (deepest - start > JsonText.MaxDepth)
            problem = Problem("too_deep", null, $"An event may be nested at most {JsonText.MaxDepth} deep.");
        if (problem is null)
            return fields.ToEvent();
        problem = problem with { Index = index };
        return null;
    }

    private EntryProblem? ReadFields(ref Utf8JsonReader json, ref EventFields fields, UnknownFields unknown, ref int deepest)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            return Problem(ErrorCodes.WrongType, null, $"An event is a JSON object, not {JsonNames.Of(json.TokenType)}.");

        var field = "";
        try
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                deepest = Math.Max(deepest, json.CurrentDepth);
                field = "";
                field = NameOfField(ref json);
                json.Read();
                if (ReadField(field, ref json, ref fields, unknown, ref deepest) is { } problem)
                    return problem;
            }
        }
        catch (InvalidOperationException) // thrown for half a surrogate pair or broken UTF-8
        {
            var what = field.Length == 0 ? "A field's name" : field;
            return Problem(ErrorCodes.InvalidText, field.Length == 0 ? null : field, JsonNames.NotUnicode(what));
        }

        return null;
    }

    /// <summary>The field's name. A known name does not allocate a string.</summary>
    private static string NameOfField(ref Utf8JsonReader json) => Find(ref json, Fields) ?? json.GetString()!;

    private EntryProblem? ReadField(string field, ref Utf8JsonReader json, ref EventFields fields, UnknownFields unknown, ref int deepest)
    {
        var index = Array.IndexOf(FieldNames, field);
        if (index < 0)
            return PassOver(field, ref json, unknown, ref deepest);
        if (!fields.IsFirst(index))
            return Problem(ErrorCodes.RepeatedField, field, JsonNames.Repeated(field));
        if (json.TokenType == JsonTokenType.Null)
            return null;
        return field switch
        {
            "eventId" => ReadId(field, ref json, out fields.EventId),
            "userId" when fields.UserId is not null =>
                Problem("user_given", field, "userId must be left out: the token says whose event it is."),
            "userId" => ReadId(field, ref json, out fields.UserId),
            "itemId" => ReadId(field, ref json, out fields.ItemId),
            "kind" => ReadKind(ref json, out fields.Kind),
            "timestamp" => ReadTimestamp(ref json, out fields.Timestamp),
            "categories" => ReadCategories(ref json, out fields.Categories),
            "value" => ReadValue(ref json, out fields.Value),
            Recommendation => ReadRecommendation(ref json, unknown, out fields.Recommendation),
            _ => ReadText(ref json, out fields.Text),
        };
    }

    private EntryProblem? PassOver(string field, ref Utf8JsonReader json, UnknownFields unknown, ref int deepest)
    {
        if (_rejectsUnknown)
            return Problem(
                "unknown_field",
                ShortText.Of(field),
                $"{JsonNames.Unknown(field, "an event", FieldNames)} Events:UnknownFields=Ignore ignores other fields.");
        unknown.Add(field);
        JsonText.SkipTo(json.CurrentDepth, ref json, ref deepest);
        return null;
    }

    private static EntryProblem? ReadId(string field, ref Utf8JsonReader json, out string? id)
    {
        if (ReadName(field, ref json, out id) is { } problem)
            return problem;
        return EntityId.ProblemOf(field, id!) is var (code, detail) ? Problem(code, field, detail) : null;
    }

    private static EntryProblem? ReadName(string field, ref Utf8JsonReader json, out string? name)
    {
        name = null;
        if (json.TokenType != JsonTokenType.String)
            return WrongType(field, "a string", json.TokenType);
        if (IsLongerThan(ref json, EntityId.MaxLength))
            return Problem(EntityId.WrongLength(field).Code, field, EntityId.WrongLength(field).Detail);
        name = json.GetString()!;
        return EntityId.ProblemOfName(field, name) is var (code, detail) ? Problem(code, field, detail) : null;
    }

    private EntryProblem? ReadKind(ref Utf8JsonReader json, out string? kind)
    {
        kind = json.TokenType == JsonTokenType.String ? Find(ref json, _kinds) : null;
        if (kind is not null)
            return null;
        if (ReadName("kind", ref json, out var name) is { } problem)
            return problem;
        kind = FindKind(name!); // the name was escaped, or split across two buffers
        if (kind is not null)
            return null;
        var known = string.Join(", ", _kinds.Select(k => k.Name));
        return Problem("unknown_kind", "kind", $"kind must be one of {known}; Events:ExtraKinds adds others.");
    }

    private static EntryProblem? ReadTimestamp(ref Utf8JsonReader json, out long? timestamp)
    {
        timestamp = null;
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
            return WrongType("timestamp", "a string or a whole number", json.TokenType);
        if (TimestampReader.Read(ref json, out var microseconds) is var (code, rule))
            return Problem(code, "timestamp", $"timestamp {rule}");
        timestamp = microseconds;
        return null;
    }

    private static EntryProblem? ReadCategories(ref Utf8JsonReader json, out List<string>? categories)
    {
        categories = null;
        if (json.TokenType != JsonTokenType.StartArray)
            return WrongType("categories", "an array of strings", json.TokenType);
        List<string>? read = null;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var index = read?.Count ?? 0;
            if (index == MaxCategories)
                return Problem("too_many_categories", "categories", $"categories may hold at most {MaxCategories} entries.");
            if (ReadName(CategoryFields[index], ref json, out var category) is { } problem)
                return problem;
            (read ??= new List<string>(2)).Add(category!);
        }

        categories = read;
        return null;
    }

    private static EntryProblem? ReadValue(ref Utf8JsonReader json, out double? value)
    {
        value = null;
        if (json.TokenType != JsonTokenType.Number)
            return WrongType("value", "a number", json.TokenType);
        if (!json.TryGetDouble(out var number) || !double.IsFinite(number))
            return Problem(ValueRules.NotFinite, "value", $"value {ValueRules.MustBeFinite}");
        value = number;
        return null;
    }

    private static EntryProblem? ReadText(ref Utf8JsonReader json, out string? text)
    {
        text = null;
        if (json.TokenType != JsonTokenType.String)
            return WrongType("text", "a string", json.TokenType);
        if (IsLongerThan(ref json, MaxTextLength) || json.GetString() is not { Length: <= MaxTextLength } read)
            return Problem(ErrorCodes.TextTooLong, "text", $"text may have at most {MaxTextLength:N0} characters.");
        if (ValueRules.HasNull(read))
            return Problem(ErrorCodes.ControlCharacter, "text", $"text {ValueRules.MustHaveNoNull}");
        text = read;
        return null;
    }

    /// <summary>Takes what the event does not say from its CloudEvent.</summary>
    private EntryProblem? Complete(ref EventFields fields, CloudEventAttributes? envelope)
    {
        if (envelope is null)
            return null;
        EntryProblem? problem = null;
        fields.EventId ??= envelope.EventId;
        fields.UserId ??= envelope.UserId(ref problem);
        if (fields.Timestamp is null && (fields.Timestamp = envelope.Timestamp(ref problem)) > Latest())
            problem ??= envelope.ProblemOfTime(InFuture, MustNotBeInFuture);
        if (fields.Kind is null && (fields.Kind = FindKind(envelope.Kind)) is null)
            problem ??= envelope.UnknownKind(_kinds.Select(k => k.Name));
        return problem;
    }

    /// <summary>The problem with the path of its field in the body.</summary>
    private static EntryProblem? Within(CloudEventAttributes? envelope, EntryProblem? problem) =>
        problem?.Field is { } field && envelope?.DataPath is { Length: > 0 } path
            ? problem with
            {
                Field = path + field,
                Detail = problem.Detail.StartsWith(field, StringComparison.Ordinal) ? path + problem.Detail : problem.Detail,
            }
            : problem;

    /// <summary>An id that was not made here is a field that nothing reads: what the user did counts all the same.</summary>
    private EntryProblem? ReadRecommendation(ref Utf8JsonReader json, UnknownFields unknown, out RecommendationSource? source)
    {
        source = null;
        if (json.TokenType != JsonTokenType.String)
            return WrongType(Recommendation, "a string", json.TokenType);
        if (IsLongerThan(ref json, RecommendationIds.MaxLength) || json.GetString() is not { Length: <= RecommendationIds.MaxLength } read)
            return Problem(ErrorCodes.TextTooLong, Recommendation,
                $"{Recommendation} may have at most {RecommendationIds.MaxLength} characters.");
        source = recommendations?.Read(read);
        if (source is null && _rejectsUnknown)
            return Problem("unknown_recommendation", Recommendation, $"{Recommendation} is not one that this service answered with.");
        if (source is null)
            unknown.Add(Recommendation);
        return null;
    }

    private EntryProblem? CheckTogether(EventFields fields, CloudEventAttributes? envelope)
    {
        if (fields.Missing() is [var first, ..] missing)
            return envelope?.Missing(missing) ?? Problem(ErrorCodes.MissingField, first, JsonNames.Required(missing));
        return fields.Timestamp <= Latest()
            ? null
            : Within(envelope, Problem(InFuture, "timestamp", $"timestamp {MustNotBeInFuture}"));
    }

    private long Latest() => EventTime.FromUtc(time.GetUtcNow().UtcDateTime + options.Value.MaxFuture);

    private string? FindKind(string name) => Array.Find(_kinds, k => k.Name == name).Name;

    private static (string Name, byte[] Utf8)[] WithUtf8(IEnumerable<string> names) =>
        [.. names.Select(name => (name, Encoding.UTF8.GetBytes(name)))];

    /// <summary>
    /// The known name at the reader's position; null if the text is not one of them, contains escapes, or is split across buffers.
    /// </summary>
    private static string? Find(ref Utf8JsonReader json, (string Name, byte[] Utf8)[] names)
    {
        if (json.HasValueSequence || json.ValueIsEscaped)
            return null;
        foreach (var (name, utf8) in names)
        {
            if (json.ValueSpan.SequenceEqual(utf8))
                return name;
        }

        return null;
    }

    // JSON uses at most 6 bytes for a UTF-16 unit. A text with more bytes is too long; no string needs to be created to refuse it.
    private static bool IsLongerThan(ref Utf8JsonReader json, int characters) =>
        (json.HasValueSequence ? json.ValueSequence.Length : json.ValueSpan.Length) > 6L * characters;

    private static EntryProblem WrongType(string field, string expected, JsonTokenType actual) =>
        Problem(ErrorCodes.WrongType, field, $"{field} must be {expected}, not {JsonNames.Of(actual)}.");

    private static EntryProblem Problem(string code, string? field, string detail) => new(0, code, field, detail);

    private ref struct EventFields
    {
        public string? EventId;
        public string? UserId;
        public string? ItemId;
        public string? Kind;
        public long? Timestamp;
        public List<string>? Categories;
        public double? Value;
        public string? Text;
        public RecommendationSource? Recommendation;
        private int _seen; // one bit per field, by its index in FieldNames

        public bool IsFirst(int index)
        {
            var bit = 1 << index;
            var isFirst = (_seen & bit) == 0;
            _seen |= bit;
            return isFirst;
        }

        public readonly string[] Missing() => UserId is not null && Kind is not null && ItemId is not null && Timestamp is not null ? [] :
        [
            .. UserId is null ? ["userId"] : Array.Empty<string>(),
            .. Kind is null ? ["kind"] : Array.Empty<string>(),
            .. ItemId is null ? ["itemId"] : Array.Empty<string>(),
            .. Timestamp is null ? ["timestamp"] : Array.Empty<string>(),
        ];

        public readonly WindowEvent ToEvent() => Recommendation is { } source
            ? new RecommendedEvent(source, UserId!, Kind!, ItemId!, Timestamp!.Value, EventId, Categories, Value, Text)
            : new WindowEvent(UserId!, Kind!, ItemId!, Timestamp!.Value, EventId, Categories, Value, Text);
    }
}
