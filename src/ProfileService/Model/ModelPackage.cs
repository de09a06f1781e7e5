using System.Security.Cryptography;
using System.Text.Json;

namespace ProfileService.Model;

/// <summary>The files of a package, read once and proved by their sha256, so that what was verified is what serves.</summary>
internal sealed class ModelPackage
{
    public const string GraphFile = "model.onnx";

    private readonly Dictionary<string, byte[]> _files;

    private ModelPackage(string directory, ModelManifest manifest, Dictionary<string, byte[]> files) =>
        (Directory, Manifest, _files) = (directory, manifest, files);

    public string Directory { get; }

    public ModelManifest Manifest { get; }

    public byte[] Graph => _files[GraphFile];

    /// <exception cref="PackageRefusedException">A file is missing, cannot be read, or is not the one that the manifest names.</exception>
    public static ModelPackage Read(string directory)
    {
        var manifest = ReadManifest(directory);
        var files = manifest.Files.ToDictionary(f => f.Key, f => ReadProved(directory, f.Key, f.Value));
        foreach (var required in (ReadOnlySpan<string>)[GraphFile, GoldenSamples.FileName])
        {
            if (!files.ContainsKey(required))
                throw new PackageRefusedException(Path.Combine(directory, ModelManifest.FileName), $"files does not name {required}.");
        }

        var unnamed = System.IO.Directory.EnumerateFiles(directory).Select(Path.GetFileName).FirstOrDefault(f => f != ModelManifest.FileName && !files.ContainsKey(f!));
        return unnamed is null
            ? new ModelPackage(directory, manifest, files)
            : throw new PackageRefusedException(Path.Combine(directory, unnamed), "the manifest does not name this file; remove it, or write the package anew.");
    }

    /// <summary>A file of the package, or null where it has none of that name.</summary>
    public byte[]? Bytes(string name) => _files.GetValueOrDefault(name);

    /// <summary>A JSON file of the package, or null where it has none of that name.</summary>
    /// <exception cref="PackageRefusedException">The file is not what it should be.</exception>
    public T? Json<T>(string name)
        where T : class =>
        Bytes(name) is { } bytes ? Deserialize<T>(Path.Combine(Directory, name), bytes) : null;

    private static ModelManifest ReadManifest(string directory)
    {
        var path = Path.Combine(directory, ModelManifest.FileName);
        if (!File.Exists(path))
            throw new PackageRefusedException(path, "the file is missing. Model:Package must name the folder of a model package.");
        var manifest = Deserialize<ModelManifest>(path, File.ReadAllBytes(path));
        return manifest.Problem() is { } problem ? throw new PackageRefusedException(path, problem) : manifest;
    }

    private static byte[] ReadProved(string directory, string name, string sha256)
    {
        var path = Path.Combine(directory, name);
        if (name != Path.GetFileName(name) || name is "" or "." or ".." or ModelManifest.FileName)
            throw new PackageRefusedException(Path.Combine(directory, ModelManifest.FileName), $"files names '{name}', which is no plain file name.");
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
