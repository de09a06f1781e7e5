using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Events.CloudEvents;

/// <summary>
/// The attributes of a CloudEvent (CloudEvents 1.0.2) that complete an event: <c>subject</c> is its user, <c>type</c> its kind, <c>time</c>
/// its timestamp, <c>id</c> and <c>source</c> its id. What the event says itself stands.
/// </summary>
/// <param name="prefix">What precedes the attributes' names, for problems: <c>ce-</c> or <c>ce_</c> if they are headers.</param>
/// <param name="dataPath">Path of the event, for problems: <c>data.</c> in an envelope, empty if it is the body.</param>
internal sealed class CloudEventAttributes(string prefix, string dataPath)
{
    public static readonly IReadOnlyList<string> Names = ["specversion", "id", "source", "type", "subject", "time", "datacontenttype"];

    private const string Version = "1.0";
    private const int Required = 4; // of the names
    private const int MaxCharacters = 2_048; // of an attribute
    private const int IdBytes = 16;

    private readonly string?[] _values = new string?[Names.Count];
    private int _given; // one bit for each of the names
    private string? _repeated;
    private EntryProblem? _unreadable;

    public string DataPath => dataPath;

    /// <summary>What is wrong with the attributes that every CloudEvent has; null if nothing is.</summary>
    public EntryProblem? Problem => Repeated() ?? _unreadable ?? Missing() ?? WrongText() ?? WrongVersion() ?? WrongType();

    /// <summary>
    /// An id is one only within its source; the event's id derives from both, with as many characters however long they are.
    /// </summary>
    public string EventId =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Of("source")}\n{Of("id")}")).AsSpan(0, IdBytes));

    /// <summary>The last part of the type, but for a version: <c>view</c> of <c>com.example.shop.view.v2</c>.</summary>
    public string Kind
    {
        get
        {
            var type = Of("type")!;
            var end = type.LastIndexOf('.');
            if (end >= 0 && IsVersion(type.AsSpan(end + 1)))
                type = type[..end];
            return type[(type.LastIndexOf('.') + 1)..];
        }
    }

    /// <summary>Sets an attribute, unless it was set before.</summary>
    /// <param name="value">Null is as good as no value, but the attribute is set.</param>
    public bool TrySet(string name, string? value)
    {
        var (index, before) = (IndexOf(name), _given);
        _given |= 1 << index;
        if (_given == before)
            return false;
        _values[index] = value;
        return true;
    }

    /// <summary>Notes that an attribute has more than one value, which is refused.</summary>
    public void MarkRepeated(string name) => _repeated ??= name;

    /// <summary>Notes that an attribute cannot be decoded, which is refused.</summary>
    public void MarkUnreadable(string name, string detail) => _unreadable ??= ProblemOf(ErrorCodes.InvalidText, name, detail);

    public string? UserId(ref EntryProblem? problem)
    {
        if (Of("subject") is { } subject && EntityId.ProblemOf($"{prefix}subject", subject) is var (code, detail))
            problem ??= ProblemOf(code, "subject", detail);
        return Of("subject");
    }

    public long? Timestamp(ref EntryProblem? problem)
    {
        if (Of("time") is not { } time)
            return null;
        if (TimestampReader.Read(time, out var microseconds) is var (code, rule))
            problem ??= ProblemOfTime(code, rule);
        return microseconds;
    }

    /// <param name="rule">What follows the attribute's name.</param>
    public EntryProblem ProblemOfTime(string code, string rule) => ProblemOf(code, "time", $"{prefix}time {rule}");

    /// <summary>Says which fields of the event are missing, and which attributes would do.</summary>
    public EntryProblem Missing(IReadOnlyList<string> fields) =>
        new(0, ErrorCodes.MissingField, dataPath + fields[0], JsonNames.Required([.. fields.Select(WithAttribute)]));

    public EntryProblem UnknownKind(IEnumerable<string> known) => ProblemOf(
        "unknown_kind", "type", $"{prefix}type must end with one of {string.Join(", ", known)}, or {dataPath}kind must be one of them.");

    private EntryProblem? Repeated() =>
        _repeated is null ? null : ProblemOf(ErrorCodes.RepeatedField, _repeated, JsonNames.Repeated(prefix + _repeated));

    private EntryProblem? Missing()
    {
        var missing = Names.Take(Required).FirstOrDefault(name => string.IsNullOrEmpty(Of(name)));
        return missing is null ? null
            : ProblemOf(ErrorCodes.MissingField, missing, $"{JsonNames.Required(prefix + missing)} Every CloudEvent has it.");
    }

    /// <summary>The specification allows no control characters; with them two events might look like one.</summary>
    private EntryProblem? WrongText()
    {
        foreach (var name in Names.Where(name => Of(name) is not null))
        {
            if (Of(name)!.Length > MaxCharacters)
                return ProblemOf(ErrorCodes.InvalidLength, name, $"{prefix}{name} may have at most {MaxCharacters} characters.");
            if (Of(name)!.Any(char.IsControl))
                return ProblemOf(ErrorCodes.ControlCharacter, name, $"{prefix}{name} may not have control characters.");
        }

        return null;
    }

    private EntryProblem? WrongVersion() => Of("specversion") == Version ? null
        : ProblemOf("unsupported_version", "specversion", $"{prefix}specversion must be {Version}.");

    private EntryProblem? WrongType() => Of("datacontenttype") is not { } type || CloudEventTypes.IsJson(type) ? null
        : ProblemOf(ErrorCodes.UnsupportedMediaType, "datacontenttype", $"{prefix}datacontenttype must be {BatchEndpoint.Json}.");

    private string WithAttribute(string field) => field switch
    {
        "userId" => $"{dataPath}{field} or {prefix}subject",
        "timestamp" => $"{dataPath}{field} or {prefix}time",
        _ => dataPath + field,
    };

    private static bool IsVersion(ReadOnlySpan<char> part) => part is ['v', _, ..] && !part[1..].ContainsAnyExceptInRange('0', '9');

    private EntryProblem ProblemOf(string code, string name, string detail) => new(0, code, prefix + name, detail);

    private string? Of(string name) => _values[IndexOf(name)];

    private static int IndexOf(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
                return i;
        }

        throw new ArgumentOutOfRangeException(nameof(name), name, null);
    }
}
