using System.Text;
using Microsoft.Net.Http.Headers;

namespace ProfileService.Platform;

/// <summary>The answer 503 of a process that has too much to do. Its bytes are made once: what is refused must not cost what would be answered.</summary>
internal sealed class OverloadAnswer(string detail)
{
    private const string ContentType = "application/problem+json";
    private const string SecondsToRetry = "1";

    private readonly byte[] _body = Encoding.ASCII.GetBytes(
        $$"""{"type":"https://tools.ietf.org/html/rfc9110#section-15.6.4","title":"Service Unavailable","status":503,"detail":"{{detail}}","code":"{{OverloadedException.Code}}"}""");

    /// <summary>Answers a request that nothing else has answered.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = ContentType;
        response.ContentLength = _body.Length;
        response.Headers[HeaderNames.RetryAfter] = SecondsToRetry;
        return response.BodyWriter.WriteAsync(_body).AsTask();
    }

    /// <summary>The whole answer as HTTP/1.1 sends it, for connections that no server has taken; it closes them.</summary>
    public byte[] ToHttp() =>
    [
        .. Encoding.ASCII.GetBytes(
            $"HTTP/1.1 503 Service Unavailable\r\nContent-Type: {ContentType}\r\nContent-Length: {_body.Length}\r\nRetry-After: {SecondsToRetry}\r\nConnection: close\r\n\r\n"),
        .. _body,
    ];
}
