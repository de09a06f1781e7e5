using System.Text;
using ProfileService.Cli.CommandLine;

namespace ProfileService.Cli.Load;

/// <summary>Builds HTTP/1.1 requests as bytes.</summary>
internal static class HttpRequest
{
    public const string Json = "application/json";
    public const string Binary = "application/octet-stream";
    public const string Ndjson = "application/x-ndjson";

    public static byte[] Get(Uri server, string path, string accept, string more = "") =>
        Encoding.UTF8.GetBytes(
            $"GET {server.AbsolutePath.TrimEnd('/')}{path} HTTP/1.1\r\nHost: {server.Authority}\r\nAccept: {accept}\r\n"
            + $"{KeyFromEnvironment.Header}{more}\r\n");

    public static byte[] Post(Uri server, string path, string accept, string contentType, string body) => Encoding.UTF8.GetBytes(
        $"POST {server.AbsolutePath.TrimEnd('/')}{path} HTTP/1.1\r\nHost: {server.Authority}\r\nAccept: {accept}\r\n" +
        $"{KeyFromEnvironment.Header}Content-Type: {contentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
