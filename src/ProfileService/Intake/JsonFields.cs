using System.Runtime.InteropServices;
using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>
/// Reads and checks the fields of one JSON object, and keeps the first problem. A field that is missing or null is not given.
/// </summary>
/// <param name="path">Path of the object in the body, for problems, such as <c>filter.</c>; empty for the root object.</param>
internal class JsonFields(JsonElement value, string path = "")
{
    /// <summary>The first problem, with index 0; null if there is none.</summary>
    public EntryProblem? Problem { get; private set; }

    public JsonElement? Find(string field) => JsonObjectReader.Find(value, field);

    /// <summary>Names, such as categories; null if they are not given.</summary>
    /// <param name="noun">What they are called in the code of a problem, such as "categories".</param>
    public IReadOnlyList<string>? Names(string field, string noun, int most) => Texts(field, noun, most, EntityId.ProblemOfName);

    /// <summary>Ids; null if they are not given.</summary>
    public IReadOnlyList<string>? Ids(string field, string noun, int most) => Texts(field, noun, most, EntityId.ProblemOf);

    /// <summary>A finite number; null if it is not given.</summary>
    public double? Number(string field)
    {
        if (Find(field) is not { } number)
            return null;
        if (number.ValueKind != JsonValueKind.Number)
            return Refuse<double?>(ErrorCodes.WrongType, field, $"must be a number, not {JsonNames.Of(number.ValueKind)}.");
        return number.TryGetDouble(out var read) && double.IsFinite(read)
            ? read
            : Refuse<double?>(ValueRules.NotFinite, field, ValueRules.MustBeFinite);
    }

    /// <summary>A number within bounds; null if it is not given.</summary>
    public double? Number(string field, double least, double most) => Number(field) is not { } number ? null
        : number >= least && number <= most ? number
        : Refuse<double?>(ErrorCodes.OutOfRange, field, $"must be a number, {least} to {most}.");

    /// <summary>A whole number within bounds; null if it is not given.</summary>
    public int? WholeNumber(string field, int least, int most)
    {
        if (Number(field) is not { } number)
            return null;
        var rule = $"must be a whole number, {least:N0} to {most:N0}.";
        return double.Floor(number) != number ? Refuse<int?>(ErrorCodes.WrongType, field, rule)
            : number < least || number > most ? Refuse<int?>(ErrorCodes.OutOfRange, field, rule)
            : (int)number;
    }

    /// <summary>True or false; null if it is not given.</summary>
    public bool? Flag(string field) => Find(field) is not { } flag ? null
        : flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean()
        : Refuse<bool?>(ErrorCodes.WrongType, field, $"must be true or false, not {JsonNames.Of(flag.ValueKind)}.");

    /// <summary>A time in UTC, in the forms and bounds of an event's timestamp; null if it is not given.</summary>
    public DateTime? Time(string field)
    {
        if (Find(field) is not { } time)
            return null;
        if (time.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            return Refuse<DateTime?>(ErrorCodes.WrongType, field,
                $"must be a string or a whole number, not {JsonNames.Of(time.ValueKind)}.");
        var json = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(time));
        json.Read();
        return TimestampReader.Read(ref json, out var microseconds) is var (code, rule)
            ? Refuse<DateTime?>(code, field, rule)
            : EventTime.ToUtc(microseconds);
    }

    /// <summary>One of some words; null if it is not given.</summary>
    public string? Word(string field, params IReadOnlyList<string> words) => Find(field) is not { } word ? null
        : word.ValueKind != JsonValueKind.String
            ? Refuse<string?>(ErrorCodes.WrongType, field, $"must be {string.Join(" or ", words)}, not {JsonNames.Of(word.ValueKind)}.")
        : words.FirstOrDefault(w => word.ValueEquals(w))
            ?? Refuse<string?>("unknown_word", field, $"must be {string.Join(" or ", words)}.");

    /// <summary>A text of up to so many characters; null if it is not given.</summary>
    public string? Text(string field, int most) => Find(field) is not { } text ? null
        : text.ValueKind != JsonValueKind.String
            ? Refuse<string?>(ErrorCodes.WrongType, field, $"must be a string, not {JsonNames.Of(text.ValueKind)}.")
        : text.GetString() is { } read && read.Length <= most ? read
        : Refuse<string?>(ErrorCodes.TextTooLong, field, $"may have at most {most:N0} characters.");

    protected IReadOnlyList<string>? Texts(
        string field, string noun, int most, Func<string, string, (string Code, string Detail)?> problemOf)
    {
        if (Find(field) is not { } values)
            return null;
        if (values.ValueKind != JsonValueKind.Array)
            return Refuse<string[]>(ErrorCodes.WrongType, field, $"must be an array of strings, not {JsonNames.Of(values.ValueKind)}.");
        if (values.GetArrayLength() > most)
            return Refuse<string[]>($"too_many_{noun}", field, $"may hold at most {most:N0} entries.");
        return [.. values.EnumerateArray().Index().Select(v => Text($"{field}[{v.Index}]", v.Item, problemOf) ?? "")];
    }

    protected string? Text(string field, JsonElement text, Func<string, string, (string Code, string Detail)?> problemOf)
    {
        if (text.ValueKind != JsonValueKind.String)
            return Refuse<string?>(ErrorCodes.WrongType, field, $"must be a string, not {JsonNames.Of(text.ValueKind)}.");
        var read = text.GetString()!;
        if (problemOf(path + field, read) is var (code, detail))
            Keep(new EntryProblem(0, code, path + field, detail));
        return read;
    }

    /// <summary>Keeps a problem of the field; returns nothing in place of its value.</summary>
    /// <param name="rule">What follows the field's name, such as "must be a number.".</param>
    public T? Refuse<T>(string code, string field, string rule)
    {
        Keep(new EntryProblem(0, code, path + field, $"{path}{field} {rule}"));
        return default;
    }

    protected void Keep(EntryProblem problem) => Problem ??= problem;
}
