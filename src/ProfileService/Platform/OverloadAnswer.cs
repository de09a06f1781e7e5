using System.Text;
using Microsoft.Net.Http.Headers;

namespace ProfileService.Platform;

/// <summary>The 503 response of an overloaded process. Its bytes are built once, so that a refusal costs little.</summary>
internal sealed class OverloadAnswer(string detail)
{
    private const string ContentType = "application/problem+json";

    private readonly byte[] _body = Encoding.ASCII.GetBytes(
        """{"type":"https://tools.ietf.org/html/rfc9110#section-15.6.4","title":"Service Unavailable","status":503,"""
        + $$"""
        "detail":"{{detail}}","code":"{{OverloadedException.Code}}"}
        """);

    /// <summary>Writes the response to a request that has none yet.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = ContentType;
        response.ContentLength = _body.Length;
        response.Headers[HeaderNames.RetryAfter] = Problems.SecondsToRetry;
        return response.BodyWriter.WriteAsync(_body).AsTask();
    }

    /// <summary>
    /// The whole response as HTTP/1.1 bytes, for connections that were not passed to the server. It closes the connection.
    /// </summary>
    public byte[] ToHttp() =>
    [
        .. Encoding.ASCII.GetBytes(
            $"HTTP/1.1 503 Service Unavailable\r\nContent-Type: {ContentType}\r\nContent-Length: {_body.Length}\r\n"
            + $"Retry-After: {Problems.SecondsToRetry}\r\nConnection: close\r\n\r\n"),
        .. _body,
    ];
}
