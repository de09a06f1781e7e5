using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Events.CloudEvents;

/// <summary>Reads the envelope of a CloudEvent in JSON.</summary>
internal static class CloudEventReader
{
    private const string Data = "data";
    private const string Base64 = "data_base64";

    /// <summary>
    /// Reads the envelope at the reader's position and advances to its last token; returns what is wrong with it, or null.
    /// </summary>
    /// <param name="data">Becomes a reader at the value of <c>data</c>.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static EntryProblem? Read(ref Utf8JsonReader json, CloudEventAttributes envelope, ref Utf8JsonReader data)
    {
        var (start, deepest) = (json.CurrentDepth, json.CurrentDepth);
        var problem = ReadFields(ref json, envelope, ref data);
        JsonText.SkipTo(start, ref json, ref deepest);
        return problem ?? envelope.Problem ?? ProblemOf(data.TokenType);
    }

    private static EntryProblem? ProblemOf(JsonTokenType data) => data switch
    {
        JsonTokenType.None or JsonTokenType.Null => Problem(ErrorCodes.MissingField, Data, JsonNames.Required(Data)),
        JsonTokenType.StartObject => null,
        _ => Problem(ErrorCodes.WrongType, Data, $"{Data} must be an event, a JSON object, not {JsonNames.Of(data)}."),
    };

    private static EntryProblem? ReadFields(ref Utf8JsonReader json, CloudEventAttributes envelope, ref Utf8JsonReader data)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            return Problem(ErrorCodes.WrongType, null, $"A CloudEvent is a JSON object, not {JsonNames.Of(json.TokenType)}.");
        string? field = null;
        try
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                field = null; // stays so if the name itself is invalid
                field = json.GetString()!;
                json.Read();
                if (ReadField(field, ref json, envelope, ref data) is { } problem)
                    return problem;
            }
        }
        catch (InvalidOperationException) // thrown for half a surrogate pair or broken UTF-8
        {
            return Problem(ErrorCodes.InvalidText, field, JsonNames.NotUnicode(field ?? "A field's name"));
        }

        return null;
    }

    private static EntryProblem? ReadField(
        string field, ref Utf8JsonReader json, CloudEventAttributes envelope, ref Utf8JsonReader data)
    {
        var isFirst = true;
        if (field == Base64 && json.TokenType != JsonTokenType.Null)
            return Problem(ErrorCodes.WrongType, Base64, $"{Base64} is not taken: an event is JSON, in {Data}.");
        if (field == Data)
        {
            isFirst = data.TokenType == JsonTokenType.None;
            data = json;
        }
        else if (CloudEventAttributes.Names.Contains(field))
        {
            if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                return Problem(ErrorCodes.WrongType, field, $"{field} must be a string, not {JsonNames.Of(json.TokenType)}.");
            isFirst = envelope.TrySet(field, json.GetString());
        }

        var deepest = 0;
        JsonText.SkipTo(json.CurrentDepth, ref json, ref deepest);
        return isFirst ? null : Problem(ErrorCodes.RepeatedField, field, JsonNames.Repeated(field));
    }

    private static EntryProblem Problem(string code, string? field, string detail) => new(0, code, field, detail);
}
