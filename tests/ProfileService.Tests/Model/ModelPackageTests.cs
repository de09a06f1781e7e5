using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProfileService.Host;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Tests.Model;

public sealed class ModelPackageTests : IDisposable
{
    private readonly PackageCopy _package = new(Repository.TinyPackage);

    public static TheoryData<string> Packages => [Repository.TinyPackage, Repository.StarterPackage, Repository.ContentPackage, Repository.PartsPackage];

    [Theory]
    [MemberData(nameof(Packages))]
    public void ShippedPackageProvesItself(string package)
    {
        using var model = Load(package);
        Assert.Equal(ModelProvider.Cpu, model.Provider);
        Assert.True(model.Manifest.Dimension > 0);
    }

    [Fact]
    public void StarterIsSmall() =>
        Assert.InRange(Directory.EnumerateFiles(Repository.StarterPackage).Sum(f => new FileInfo(f).Length), 1, 8 << 20);

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("golden.json")]
    [InlineData("vocabulary.json")]
    [InlineData("items.f32")]
    public void OneChangedByteIsRefusedAndTheFileNamed(string file)
    {
        _package.Edit(file, bytes => bytes[bytes.Length / 2] ^= 1);
        _package.AssertRefused(file, "sha256");
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("golden.json")]
    public void TruncatedFileIsRefused(string file)
    {
        File.WriteAllBytes(_package.PathOf(file), File.ReadAllBytes(_package.PathOf(file))[..^1]);
        _package.AssertRefused(file, "sha256");
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("manifest.json")]
    public void MissingFileIsRefused(string file)
    {
        File.Delete(_package.PathOf(file));
        _package.AssertRefused(file, "missing");
    }

    [Fact]
    public void GraphWithoutANumberForAWindowWithoutEventsIsRefused()
    {
        // What is added to the scores of padding before the softmax over the events, and in the place of those of unknown items: together
        // they are negative infinity now, so that a softmax over padding alone is 0 / 0.
        var graph = File.ReadAllBytes(_package.PathOf("model.onnx"));
        Replace("/Constant_48_output_0"u8, -1e9f, -3e38f);
        Replace("/ConstantOfShape_3_output_0"u8, -1e4f, -1e38f);
        _package.Replace("model.onnx", graph);
        _package.AssertRefused("golden.json", "a window without events");

        void Replace(ReadOnlySpan<byte> node, float number, float other)
        {
            var name = graph.AsSpan().IndexOf(node);
            Assert.True(name >= 0, "the graph of the tiny package has other names");
            var at = name + graph.AsSpan(name).IndexOf(BitConverter.GetBytes(number));
            Assert.InRange(at - name, 1, 100);
            BitConverter.GetBytes(other).CopyTo(graph, at);
        }
    }

    [Fact]
    public void FileThatTheManifestDoesNotNameIsRefused()
    {
        File.WriteAllText(_package.PathOf("extra.bin"), "x");
        _package.AssertRefused("extra.bin", "does not list");
    }

    [Theory]
    [InlineData("../outside.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void ManifestThatNamesAFileElsewhereIsRefused(string name)
    {
        _package.EditJson("manifest.json", m => m["files"]![name] = "00");
        _package.AssertRefused("manifest.json", "plain file name");
    }

    [Fact]
    public void ManifestThatIsNoJsonIsRefused()
    {
        File.WriteAllText(_package.PathOf("manifest.json"), "{");
        _package.AssertRefused("manifest.json", "JSON");
    }

    [Theory]
    [InlineData("name")]
    [InlineData("version")]
    [InlineData("dimension")]
    [InlineData("maxEvents")]
    [InlineData("inputs")]
    [InlineData("files")]
    public void ManifestWithoutAMemberIsRefusedByName(string member)
    {
        _package.EditJson("manifest.json", m => m.AsObject().Remove(member));
        _package.AssertRefused("manifest.json", member);
    }

    [Theory]
    [InlineData("my \"model\"")]
    [InlineData("модель")]
    [InlineData("a/b")]
    [InlineData("")]
    public void NameThatFitsNoHeaderIsRefused(string name)
    {
        _package.EditJson("manifest.json", m => m["name"] = name);
        _package.AssertRefused("manifest.json", "name");
    }

    [Fact]
    public void PackageWithoutMetricsServes()
    {
        _package.EditJson("manifest.json", m => m.AsObject().Remove("metrics"));
        using var model = Load(_package.Path);
        Assert.Null(ServiceModels.From(model).Active.Metrics);
    }

    [Fact]
    public void WhateverIsWrongThePackageIsRefused()
    {
        _package.EditJson("golden.json", g => g["samples"]![0] = null);
        Assert.Contains("cannot be verified", Assert.Throws<PackageRefusedException>(() => Load(_package.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("items")]
    [InlineData("kinds")]
    [InlineData("gaps")]
    [InlineData("values")]
    public void UnknownEncodingIsRefusedByName(string input)
    {
        _package.EditJson("manifest.json", m => m["inputs"]![input]!["encoding"] = "magic");
        _package.AssertRefused("manifest.json", $"inputs.{input}");
    }

    [Fact]
    public void VocabularyWithAnIndexUsedTwiceIsRefused()
    {
        _package.EditJson("vocabulary.json", v =>
        {
            foreach (var (value, _) in v["categories"]!.AsObject().ToList())
                v["categories"]![value] = 2;
        });
        _package.AssertRefused("vocabulary.json", "categories");
    }

    [Fact]
    public void GraphThatIsNoGraphIsRefused()
    {
        _package.Replace("model.onnx", [.. "not a graph"u8]);
        _package.AssertRefused("model.onnx", "ONNX Runtime");
    }

    [Fact]
    public void GraphThatComputesOtherVectorsThanTrainingIsRefused()
    {
        _package.EditJson("golden.json", g => g["samples"]![3]!["vector"]![0] = g["samples"]![3]!["vector"]![0]!.GetValue<double>() + 2e-4);
        _package.AssertRefused("golden.json", "sample 3: the vector");
    }

    [Fact]
    public void EncoderThatDiffersFromTrainingsIsRefused()
    {
        _package.EditJson("golden.json", g => g["samples"]![2]!["inputs"]!["gaps"]![0] = 7);
        _package.AssertRefused("golden.json", "sample 2: input gaps");
    }

    [Fact]
    public void TooFewGoldenSamplesAreRefused()
    {
        _package.EditJson("golden.json", g => g["samples"] = new JsonArray([.. g["samples"]!.AsArray().Take(19).Select(s => s!.DeepClone())]));
        _package.AssertRefused("golden.json", "20");
    }

    [Fact]
    public void DimensionThatIsNotTheGraphsIsRefused()
    {
        _package.EditJson("manifest.json", m => (m["dimension"], m["segments"]) = (17, null));
        _package.AssertRefused("model.onnx", "dimension");
    }

    [Fact]
    public void RefusedPackageLeavesTheActiveOneServing()
    {
        var slot = new ModelSlot(Options.Create(new ModelOptions()), Options.Create(new WindowOptions()), NullLogger<ModelSlot>.Instance);
        slot.Activate(Repository.TinyPackage);
        var before = slot.Current;
        _package.Edit("model.onnx", bytes => bytes[100] ^= 1);
        Assert.Throws<PackageRefusedException>(() => slot.Activate(_package.Path));
        Assert.Same(before, slot.Current);
    }

    [Fact]
    public void CudaThatIsMissingFallsBackAndSaysSo()
    {
        using var model = ActiveModel.Load(Repository.TinyPackage, new ModelOptions { Provider = ModelProvider.Cuda }, NullLogger.Instance);
        Assert.Equal(ModelProvider.Cpu, model.Provider);
    }

    [Fact]
    public void CudaThatIsRequiredAndMissingStopsTheStart()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() =>
            ActiveModel.Load(Repository.TinyPackage, new ModelOptions { Provider = ModelProvider.Cuda, RequireProvider = true }, NullLogger.Instance));
        Assert.Contains("Model:Provider", wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _package.Dispose();

    private static ActiveModel Load(string package) => ActiveModel.Load(package, new ModelOptions(), NullLogger.Instance);
}
