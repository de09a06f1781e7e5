using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace ProfileService.Host;

/// <summary>A file of the console. All files are resources of the assembly, so that they do not depend on the working directory.</summary>
/// <param name="Etag">Quoted; changes with the content.</param>
internal sealed record ConsoleFile(byte[] Content, string ContentType, string Etag)
{
    private const string Folder = "wwwroot/"; // prefix of the resource names, set in the project file

    /// <summary>All files by their path below <c>wwwroot</c>, such as <c>console/main.js</c>.</summary>
    public static FrozenDictionary<string, ConsoleFile> ReadAll() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Folder.Length..].Replace('\\', '/'), Read, StringComparer.Ordinal);

    private static ConsoleFile Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return Of(content, TypeOf(name));
    }

    public static ConsoleFile Of(byte[] content, string contentType) =>
        new(content, contentType, $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"The console contains a file without a known Content-Type: {other}."),
    };
}
