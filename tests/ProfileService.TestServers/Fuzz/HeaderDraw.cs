using System.Globalization;
using System.Text;

namespace ProfileService.TestServers.Fuzz;

/// <summary>Headers: those that the API reads, right and wrong, and how the body is framed.</summary>
internal sealed class HeaderDraw(string host, Drawn drawn)
{
    private static readonly string[] OddHosts = ["evil.example", "localhost", "localhost:80", "127.0.0.1", "[::1]", "a_b", "xn--",
        "LOCALHOST"];
    private static readonly string[] Accepts =
        ["application/json", "application/octet-stream", "application/octet-stream;q=0", "text/html", "*/*",
            "application/*;q=0.5, */*;q=0.1", ";;;", "application/json;q=abc", ""];
    private static readonly string[] Tags = ["*", "\"\"", "W/\"a\"", "W/\"tiny/1-1760000000000\"", "W/\"starter/3@1\", \"b\"", "abc",
        "W/", "\"", ""];
    private static readonly string[] OddTypes = ["text/plain", "application/json; charset=utf-16", "application/json;",
        "application/x-ndjson; charset=latin1", "multipart/form-data", "", "application/jsonx", "*/*"];
    private static readonly string[] OddEncodings = ["gzip", "br", "identity", "gzip, gzip", "deflate", "", "GZIP"];
    private static readonly string[] Others =
    [
        "X-Forwarded-For: 1.2.3.4", "Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "Range: bytes=0-1", "Cookie: a=b",
        "Authorization: Bearer x",
        "traceparent: 00-zz-zz-00", "If-Modified-Since: yesterday", "Upgrade: websocket", "X-HTTP-Method-Override: DELETE",
        "Accept-Encoding: gzip, br",
    ];

    private const string Waits = "Expect: 100-continue\r\n";

    public void Write(StringBuilder head, Body? body, ref byte[]? bytes, ref bool odd, out bool last)
    {
        last = drawn.OnceIn(50);
        head.Append(CultureInfo.InvariantCulture, $"Host: {(drawn.OnceIn(100) ? OddHost(ref odd) : host)}\r\n");
        if (drawn.OnceIn(3))
            head.Append(CultureInfo.InvariantCulture, $"Accept: {drawn.OneOf(Accepts)}\r\n");
        if (drawn.OnceIn(8))
            head.Append(CultureInfo.InvariantCulture, $"If-None-Match: {drawn.OneOf(Tags)}\r\n");
        if (drawn.OnceIn(12))
            head.Append(drawn.OneOf(Others)).Append("\r\n");
        if (body is not null && drawn.OnceIn(100))
            head.Append(Waits);
        if (last)
            head.Append("Connection: close\r\n");
        if (body is not null)
            WriteBody(head, body, ref bytes);
        head.Append("\r\n");
    }

    private string OddHost(ref bool odd)
    {
        odd = true;
        return drawn.OneOf(OddHosts);
    }

    private void WriteBody(StringBuilder head, Body body, ref byte[]? bytes)
    {
        if (!drawn.OnceIn(60))
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {(drawn.OnceIn(30) ? drawn.OneOf(OddTypes) : body.ContentType)}\r\n");
        if (drawn.OnceIn(20))
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Encoding: {drawn.OneOf(OddEncodings)}\r\n");
            bytes = drawn.OnceIn(3) ? bytes : BodyDraw.Compressed(bytes!);
        }
        if (drawn.OnceIn(10))
        {
            head.Append("Transfer-Encoding: chunked\r\n");
            bytes = Chunked(bytes!);
        }
        else
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {bytes!.Length}\r\n");
        }
    }

    private byte[] Chunked(byte[] bytes)
    {
        var size = 1 + drawn.Below(2_000);
        return [.. bytes.Chunk(size).SelectMany(chunk =>
            (byte[])[.. Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"), .. chunk, .. "\r\n"u8]), .. "0\r\n\r\n"u8];
    }
}
