namespace ProfileService.Model;

/// <summary>The package of a profile model: its manifest, and its files proved by their sha256.</summary>
internal sealed class ModelPackage
{
    public const string GraphFile = PackageFiles.GraphFile;

    private readonly PackageFiles _files;

    private ModelPackage(ModelManifest manifest, PackageFiles files) => (Manifest, _files) = (manifest, files);

    public string Directory => _files.Directory;

    public ModelManifest Manifest { get; }

    public byte[] Graph => _files.Graph;

    /// <exception cref="PackageRefusedException">A file is missing, cannot be read, or is not the one that the manifest names.</exception>
    public static ModelPackage Read(string directory)
    {
        var manifest = PackageFiles.ReadManifest<ModelManifest>(directory, "Model:Package");
        return manifest.Problem() is { } problem
            ? throw new PackageRefusedException(Path.Combine(directory, ModelManifest.FileName), problem)
            : new ModelPackage(manifest, PackageFiles.Read(directory, manifest.Files, GraphFile, GoldenSamples.FileName));
    }

    /// <summary>A file of the package, or null where it has none of that name.</summary>
    public byte[]? Bytes(string name) => _files.Bytes(name);

    /// <summary>A JSON file of the package, or null where it has none of that name.</summary>
    /// <exception cref="PackageRefusedException">The file is not what it should be.</exception>
    public T? Json<T>(string name)
        where T : class => _files.Json<T>(name);
}
