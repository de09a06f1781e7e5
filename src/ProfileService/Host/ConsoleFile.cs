using System.Security.Cryptography;
using System.Text;

namespace ProfileService.Host;

/// <summary>A file of the console.</summary>
/// <param name="Etag">Quoted; changes with the content.</param>
internal sealed record ConsoleFile(byte[] Content, string ContentType, string Etag, string CacheControl)
{
    private const string Revalidated = "no-cache"; // browsers ask each time, so that the page is never older than the service
    private const string Kept = "public, max-age=31536000, immutable"; // for a year: another content has another name

    /// <summary>A file whose name stays while its content changes.</summary>
    public static ConsoleFile Of(string path, string content) => Of(Encoding.UTF8.GetBytes(content), TypeOf(path));

    public static ConsoleFile Of(byte[] content, string contentType) => new(content, contentType, $"\"{HashOf(content)}\"", Revalidated);

    /// <summary>A file whose name has the hash of its content.</summary>
    public static (string Path, ConsoleFile File) Named(string extension, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var path = $"console/console.{HashOf(bytes)}.{extension}";
        return (path, Of(bytes, TypeOf(path)) with { CacheControl = Kept });
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..16];

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"The console contains a file without a known Content-Type: {other}."),
    };
}
