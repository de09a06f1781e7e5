using System.Security.Cryptography;
using System.Text.Json;

namespace ProfileService.Model;

/// <summary>The files of a package folder beside its manifest, read once and proved by their sha256, so that what was verified is what serves.</summary>
internal sealed class PackageFiles
{
    public const string GraphFile = "model.onnx";
    public const string ManifestFile = "manifest.json";

    private readonly Dictionary<string, byte[]> _files;

    private PackageFiles(string directory, Dictionary<string, byte[]> files) => (Directory, _files) = (directory, files);

    public string Directory { get; }

    public byte[] Graph => _files[GraphFile];

    /// <summary>Where a package lies: one of the user's own relative to where the service was started, one that ships beside the program.</summary>
    public static string Find(string package) => System.IO.Directory.Exists(package) ? package
        : Path.Combine(AppContext.BaseDirectory, package) is var shipped && System.IO.Directory.Exists(shipped) ? shipped : package;

    /// <summary>The manifest as it stands; whether it makes sense is for its type to say.</summary>
    /// <param name="setting">The setting that names the folder, for the message.</param>
    /// <exception cref="PackageRefusedException">It is missing or not the JSON it should be.</exception>
    public static T ReadManifest<T>(string directory, string setting)
    {
        var path = Path.Combine(directory, ManifestFile);
        return File.Exists(path)
            ? Deserialize<T>(path, File.ReadAllBytes(path))
            : throw new PackageRefusedException(path, $"the file is missing. {setting} must name the folder of a model package.");
    }

    /// <param name="named">File → sha256, as the manifest gives them.</param>
    /// <exception cref="PackageRefusedException">A file is missing, cannot be read, or is not the one that the manifest names.</exception>
    public static PackageFiles Read(string directory, IReadOnlyDictionary<string, string> named, params ReadOnlySpan<string> required)
    {
        var files = named.ToDictionary(f => f.Key, f => ReadProved(directory, f.Key, f.Value));
        foreach (var file in required)
        {
            if (!files.ContainsKey(file))
                throw new PackageRefusedException(Path.Combine(directory, ManifestFile), $"files does not name {file}.");
        }

        var unnamed = System.IO.Directory.EnumerateFiles(directory).Select(Path.GetFileName).FirstOrDefault(f => f != ManifestFile && !files.ContainsKey(f!));
        return unnamed is null
            ? new PackageFiles(directory, files)
            : throw new PackageRefusedException(Path.Combine(directory, unnamed), "the manifest does not name this file; remove it, or write the package anew.");
    }

    /// <summary>Whether a name or version can stand in a header and a path.</summary>
    public static bool IsName(string? text) =>
        text is { Length: >= 1 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>A file of the package, or null where it has none of that name.</summary>
    public byte[]? Bytes(string name) => _files.GetValueOrDefault(name);

    /// <summary>A JSON file of the package, or null where it has none of that name.</summary>
    /// <exception cref="PackageRefusedException">The file is not what it should be.</exception>
    public T? Json<T>(string name)
        where T : class =>
        Bytes(name) is { } bytes ? Deserialize<T>(Path.Combine(Directory, name), bytes) : null;

    private static byte[] ReadProved(string directory, string name, string sha256)
    {
        var path = Path.Combine(directory, name);
        if (name != Path.GetFileName(name) || name is "" or "." or ".." or ManifestFile)
            throw new PackageRefusedException(Path.Combine(directory, ManifestFile), $"files names '{name}', which is no plain file name.");
        if (!File.Exists(path))
            throw new PackageRefusedException(path, "the file is missing.");
        var bytes = File.ReadAllBytes(path);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256
            ? bytes
            : throw new PackageRefusedException(path, "its sha256 is not the manifest's; the file is damaged or was changed.");
    }

    private static T Deserialize<T>(string path, byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, JsonSerializerOptions.Web) ?? throw new PackageRefusedException(path, "it holds null.");
        }
        catch (JsonException e)
        {
            throw new PackageRefusedException(path, $"it is not the JSON it should be: {e.Message}", e);
        }
    }
}
