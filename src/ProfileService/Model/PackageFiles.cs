using System.Security.Cryptography;
using System.Text.Json;

namespace ProfileService.Model;

/// <summary>
/// The files of a package, except its manifest. Each is read once and verified by its sha256, so that exactly the verified bytes are used.
/// </summary>
internal sealed class PackageFiles
{
    /// <summary>Of <see cref="IsName"/>.</summary>
    public const string NameRule = "must be 1 to 64 letters, digits, dots, dashes or underscores.";

    public const string GraphFile = "model.onnx";
    public const string ManifestFile = "manifest.json";

    private readonly Dictionary<string, byte[]> _files;

    private PackageFiles(string directory, Dictionary<string, byte[]> files) => (Directory, _files) = (directory, files);

    public string Directory { get; }

    public byte[] Graph => _files[GraphFile];

    /// <summary>
    /// Finds a package folder: relative to the working directory, or, for a package that ships with the service, to the program.
    /// </summary>
    public static string Find(string package) => System.IO.Directory.Exists(package) ? package
        : Path.Combine(AppContext.BaseDirectory, package) is var shipped && System.IO.Directory.Exists(shipped) ? shipped : package;

    /// <summary>Reads the manifest; its type checks the content.</summary>
    /// <param name="setting">The setting that names the folder, for error messages.</param>
    /// <exception cref="PackageRefusedException">The file is missing, or its JSON is invalid.</exception>
    public static T ReadManifest<T>(string directory, string setting)
    {
        var path = Path.Combine(directory, ManifestFile);
        return File.Exists(path)
            ? Deserialize<T>(path, File.ReadAllBytes(path))
            : throw new PackageRefusedException(path, $"the file is missing. {setting} must name the folder of a model package.");
    }

    /// <param name="named">File name → sha256, from the manifest.</param>
    /// <exception cref="PackageRefusedException">A file is missing, cannot be read, or does not match the manifest.</exception>
    public static PackageFiles Read(string directory, IReadOnlyDictionary<string, string> named, params ReadOnlySpan<string> required)
    {
        var files = named.ToDictionary(f => f.Key, f => ReadVerified(directory, f.Key, f.Value));
        foreach (var file in required)
        {
            if (!files.ContainsKey(file))
                throw new PackageRefusedException(Path.Combine(directory, ManifestFile), $"files does not list {file}.");
        }

        var unlisted = System.IO.Directory.EnumerateFiles(directory).Select(Path.GetFileName)
            .FirstOrDefault(f => f != ManifestFile && !files.ContainsKey(f!));
        return unlisted is null
            ? new PackageFiles(directory, files)
            : throw new PackageRefusedException(
                Path.Combine(directory, unlisted), "the manifest does not list this file; remove it, or create the package again.");
    }

    /// <summary>Whether a name or version can be part of a header and of a path.</summary>
    public static bool IsName(string? text) =>
        text is { Length: >= 1 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>The content of a file of the package; null if there is no such file.</summary>
    public byte[]? Bytes(string name) => _files.GetValueOrDefault(name);

    /// <summary>The content of a JSON file of the package; null if there is no such file.</summary>
    /// <exception cref="PackageRefusedException">The JSON is invalid.</exception>
    public T? Json<T>(string name)
        where T : class =>
        Bytes(name) is { } bytes ? Deserialize<T>(Path.Combine(Directory, name), bytes) : null;

    private static byte[] ReadVerified(string directory, string name, string sha256)
    {
        var path = Path.Combine(directory, name);
        if (name != Path.GetFileName(name) || name is "" or "." or ".." or ManifestFile)
        {
            throw new PackageRefusedException(
                Path.Combine(directory, ManifestFile), $"files lists '{name}', which is not a plain file name.");
        }

        if (!File.Exists(path))
            throw new PackageRefusedException(path, "the file is missing.");
        var bytes = File.ReadAllBytes(path);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256
            ? bytes
            : throw new PackageRefusedException(path, "its sha256 differs from the manifest's; the file is damaged or was changed.");
    }

    private static T Deserialize<T>(string path, byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, JsonSerializerOptions.Web)
                ?? throw new PackageRefusedException(path, "it contains null.");
        }
        catch (JsonException e)
        {
            throw new PackageRefusedException(path, $"its JSON is invalid: {e.Message}", e);
        }
    }
}
