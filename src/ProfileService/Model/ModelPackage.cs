namespace ProfileService.Model;

/// <summary>The package of a profile model: its manifest, and its files, verified by their sha256.</summary>
internal sealed class ModelPackage
{
    public const string GraphFile = PackageFiles.GraphFile;

    private readonly PackageFiles _files;

    private ModelPackage(ModelManifest manifest, PackageFiles files) => (Manifest, _files) = (manifest, files);

    public string Directory => _files.Directory;

    public ModelManifest Manifest { get; }

    public byte[] Graph => _files.Graph;

    /// <exception cref="PackageRefusedException">A file is missing, cannot be read, or does not match the manifest.</exception>
    public static ModelPackage Read(string directory)
    {
        var manifest = PackageFiles.ReadManifest<ModelManifest>(directory, "Model:Package");
        return manifest.Problem() is { } problem
            ? throw new PackageRefusedException(Path.Combine(directory, ModelManifest.FileName), problem)
            : new ModelPackage(manifest, PackageFiles.Read(directory, manifest.Files, GraphFile, GoldenSamples.FileName));
    }

    /// <summary>The content of a file of the package; null if there is no such file.</summary>
    public byte[]? Bytes(string name) => _files.Bytes(name);

    /// <summary>The content of a JSON file of the package; null if there is no such file.</summary>
    /// <exception cref="PackageRefusedException">The file is invalid.</exception>
    public T? Json<T>(string name)
        where T : class => _files.Json<T>(name);
}
