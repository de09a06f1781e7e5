using System.Text.Json;

namespace ProfileService.Intake;

/// <summary>A request body that cannot be taken in at all.</summary>
/// <param name="status">400, or 413 where it is too large.</param>
/// <param name="line">Where it stops making sense: line and byte in it, both from 1; null where that says nothing.</param>
internal sealed class UnreadableBodyException(int status, string code, string message, long? line = null, long? byteInLine = null)
    : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public long? Line => line;

    public long? ByteInLine => byteInLine;

    public static UnreadableBodyException Empty() =>
        new(StatusCodes.Status400BadRequest, "empty_body", "The body is empty. /swagger shows what this address takes.");

    public static UnreadableBodyException Malformed(JsonException at) => Malformed(at, at.LineNumber + 1);

    public static UnreadableBodyException Malformed(JsonException at, long? line) =>
        new(
            StatusCodes.Status400BadRequest,
            "malformed_json",
            $"The body is no valid JSON at line {line}, byte {at.BytePositionInLine + 1}: {Reason(at)}",
            line,
            at.BytePositionInLine + 1);

    public static UnreadableBodyException TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, "too_large", message);

    /// <summary>
    /// What is wrong with the text: the first sentence of the parser's message. The others name its own switches, and repeat the position,
    /// counted from 0.
    /// </summary>
    public static string Reason(JsonException at) => at.Message.Split(". ")[0] switch
    {
        "Expected depth to be zero at the end of the JSON payload" => "it ends before an object or an array does.",
        "The input does not contain any JSON tokens" => "there is no value.",
        "The JSON object contains a trailing comma at the end which is not supported in this mode" => "a comma ends an object.",
        "The JSON array contains a trailing comma at the end which is not supported in this mode" => "a comma ends an array.",
        var reason => $"{reason.TrimEnd('.')}.",
    };
}
