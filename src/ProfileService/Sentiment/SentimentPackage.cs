using System.Text.Json;
using ProfileService.Model;

namespace ProfileService.Sentiment;

/// <summary>The package of a sentiment model: its manifest, and its files, whose sha256 was verified.</summary>
internal sealed class SentimentPackage
{
    private const string FoldingFile = "folding.json";

    private readonly PackageFiles _files;

    private SentimentPackage(SentimentManifest manifest, PackageFiles files)
    {
        (Manifest, _files) = (manifest, files);
        Tokenizer = TokenizerOf(files, manifest.Tokenizer);
        Golden = files.Json<SentimentGolden>(SentimentGolden.FileName)!;
    }

    public string Directory => _files.Directory;

    public SentimentManifest Manifest { get; }

    public TextTokenizer Tokenizer { get; }

    public SentimentGolden Golden { get; }

    public byte[] Graph => _files.Graph;

    /// <exception cref="PackageRefusedException">A file is missing, cannot be read, or has another sha256 than in the manifest.</exception>
    public static SentimentPackage Read(string directory)
    {
        var manifest = PackageFiles.ReadManifest<SentimentManifest>(directory, "Model:SentimentPackage");
        if (manifest.Problem() is { } problem)
            throw new PackageRefusedException(Path.Combine(directory, PackageFiles.ManifestFile), problem);
        var files = PackageFiles.Read(directory, manifest.Files, PackageFiles.GraphFile, SentimentGolden.FileName, FoldingFile);
        return new SentimentPackage(manifest, files);
    }

    /// <summary>Whether a folder is a sentiment package by its manifest.</summary>
    /// <exception cref="PackageRefusedException">The manifest is missing or cannot be read.</exception>
    public static bool IsOne(string directory) =>
        PackageFiles.ReadManifest<JsonElement>(directory, "DIR") is { ValueKind: JsonValueKind.Object } manifest
        && manifest.TryGetProperty("kind", out var kind)
        && kind.ValueKind == JsonValueKind.String
        && kind.ValueEquals(SentimentManifest.SentimentKind);

    private static TextTokenizer TokenizerOf(PackageFiles files, TokenizerManifest settings)
    {
        try
        {
            return new TextTokenizer(settings, files.Json<Dictionary<string, string>>(FoldingFile)!);
        }
        catch (FormatException e)
        {
            throw new PackageRefusedException(Path.Combine(files.Directory, FoldingFile), e.Message, e);
        }
    }
}
