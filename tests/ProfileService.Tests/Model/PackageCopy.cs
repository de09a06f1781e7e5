using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Model;

namespace ProfileService.Tests.Model;

/// <summary>A copy of a real package, to be damaged.</summary>
internal sealed class PackageCopy : IDisposable
{
    private readonly TempDirectory _directory = new();

    public PackageCopy(string package)
    {
        foreach (var file in Directory.EnumerateFiles(package))
            File.Copy(file, _directory.File(System.IO.Path.GetFileName(file)));
    }

    public string Path => _directory.Path;

    public string PathOf(string file) => _directory.File(file);

    public void Edit(string file, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(PathOf(file));
        change(bytes);
        File.WriteAllBytes(PathOf(file), bytes);
    }

    /// <summary>Writes a file and its sha256.</summary>
    public void Replace(string file, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(file), bytes);
        EditJson("manifest.json", m => m["files"]![file] = Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>Changes a JSON file, and for any but the manifest its sha256 too, as someone would who wants it to pass.</summary>
    public void EditJson(string file, Action<JsonNode> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(PathOf(file)))!;
        change(json);
        File.WriteAllText(PathOf(file), json.ToJsonString());
        if (file != "manifest.json")
            EditJson("manifest.json", m => m["files"]![file] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(PathOf(file)))));
    }

    public ActiveModel Load() => ActiveModel.Load(Path, new ModelOptions(), NullLogger.Instance);

    /// <summary>Asserts that the package is refused for this file, and why.</summary>
    public void AssertRefused(string file, string reason)
    {
        var refused = Assert.Throws<PackageRefusedException>(Load);
        Assert.EndsWith(file, refused.File, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
