using System.Text.Json;

namespace ProfileService.Events;

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
        new(StatusCodes.Status400BadRequest, "empty_body", "The body is empty. Send one object, an array of them, or one a line as application/x-ndjson.");

    public static UnreadableBodyException Malformed(JsonException at) => Malformed(at, at.LineNumber + 1);

    public static UnreadableBodyException Malformed(JsonException at, long? line) =>
        new(StatusCodes.Status400BadRequest, "malformed_json", $"The body is no valid JSON at line {line}, byte {at.BytePositionInLine + 1}: {Reason(at)}", line, at.BytePositionInLine + 1);

    public static UnreadableBodyException TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, "too_large", message);

    // The parser's message repeats the position, counted from 0.
    public static string Reason(JsonException at) => at.Message.Split(" LineNumber:")[0];
}
