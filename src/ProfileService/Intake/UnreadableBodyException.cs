using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>A request body cannot be read.</summary>
/// <param name="status">400, or 413 if it is too large.</param>
/// <param name="line">Line of the error, from 1; null if the error has no position.</param>
/// <param name="byteInLine">Byte of the error in the line, from 1; null if the error has no position.</param>
internal sealed class UnreadableBodyException(int status, string code, string message, long? line = null, long? byteInLine = null)
    : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public long? Line => line;

    public long? ByteInLine => byteInLine;

    public static UnreadableBodyException Empty() =>
        new(StatusCodes.Status400BadRequest, "empty_body", "The body is empty. /swagger shows what this address accepts.");

    public static UnreadableBodyException Malformed(JsonException at) =>
        new(
            StatusCodes.Status400BadRequest,
            "malformed_json",
            $"The body is not valid JSON at line {at.LineNumber + 1}, byte {at.BytePositionInLine + 1}: {Reason(at)}",
            at.LineNumber + 1,
            at.BytePositionInLine + 1);

    public static UnreadableBodyException TooLarge(string message) =>
        new(StatusCodes.Status413PayloadTooLarge, ErrorCodes.TooLarge, message);

    /// <summary>
    /// The reason: the first sentence of the parser's message. Its other sentences name parser options and repeat the position, counted
    /// from 0.
    /// </summary>
    public static string Reason(JsonException at) => at.Message.Split(". ")[0] switch
    {
        "Expected depth to be zero at the end of the JSON payload" => "it ends inside an object or an array.",
        "The input does not contain any JSON tokens" => "it contains no value.",
        "The JSON object contains a trailing comma at the end which is not supported in this mode" => "an object ends with a comma.",
        "The JSON array contains a trailing comma at the end which is not supported in this mode" => "an array ends with a comma.",
        var deep when deep.StartsWith("The maximum configured depth of", StringComparison.Ordinal) => "it is nested too deep.",
        var reason => $"{reason.TrimEnd('.')}.",
    };
}
