using System.Text.Json.Nodes;
using ProfileService.Model;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Model;

/// <summary>A package that takes content vectors of 6 numbers.</summary>
public sealed class ContentPackageTests : IDisposable
{
    private readonly PackageCopy _package = new(Repository.ContentPackage);

    [Fact]
    public void ContentIsEncodedBesideItsEventAndZeroWhereThereIsNone()
    {
        using var model = _package.Load();
        using var batch = model.Encoder.NewBatch(2, 3);
        var content = new float[] { 1, 2, 3, 4, 5, 6 };
        model.Encoder.Encode(new Window("u1", [Event(1, item: "i1"), Event(2, item: "i2")]), new Dictionary<string, string>(), batch, 1, id => id.SequenceEqual("i2"u8) ? new ItemFacts(null, content) : null);
        Assert.Equal([.. new float[5 * 6], .. content], batch.Content.ToArray());
    }

    [Fact]
    public void ContentOfAnotherLengthIsLeftOut()
    {
        using var model = _package.Load();
        using var batch = model.Encoder.NewBatch(1, 1);
        model.Encoder.Encode(new Window("u1", [Event(1)]), new Dictionary<string, string>(), batch, 0, _ => new ItemFacts(null, [1, 2, 3, 4, 5, 6, 7]));
        Assert.Equal(new float[6], batch.Content.ToArray());
    }

    [Theory]
    [InlineData(1e9f)]
    [InlineData(-1e9f)]
    public void GreatestContentThatAnItemMayHaveGivesAFiniteVector(float number)
    {
        using var model = _package.Load();
        using var batch = model.Encoder.NewBatch(1, 1);
        model.Encoder.Encode(new Window("u1", [Event(1)]), new Dictionary<string, string>(), batch, 0, _ => new ItemFacts(null, [.. Enumerable.Repeat(number, 6)]));
        using var outputs = model.Run(batch);
        Assert.True(outputs.IsFinite(0, events: 1));
        Assert.Equal(1, outputs.Vector(0).ToArray().Sum(x => (double)x * x), 1e-5);
    }

    [Fact]
    public void ManifestThatKeepsQuietAboutContentIsRefused()
    {
        _package.EditJson("manifest.json", m => m["inputs"]!.AsObject().Remove("content"));
        _package.AssertRefused("model.onnx", "no input content");
    }

    [Theory]
    [InlineData(5, "model.onnx", "input content has 6 numbers")]
    [InlineData(0, "manifest.json", "inputs.content")]
    [InlineData(4_097, "manifest.json", "inputs.content")]
    public void ContentOfAnotherDimensionThanTheGraphsIsRefused(int dimension, string file, string reason)
    {
        _package.EditJson("manifest.json", m => m["inputs"]!["content"]!["dimension"] = dimension);
        _package.AssertRefused(file, reason);
    }

    [Fact]
    public void GraphThatLacksTheContentOfTheManifestIsRefused()
    {
        using var tiny = new PackageCopy(Repository.TinyPackage);
        tiny.EditJson("manifest.json", m => m["inputs"]!["content"] = new JsonObject { ["dimension"] = 6 });
        tiny.AssertRefused("model.onnx", "the graph must have input content");
    }

    [Fact]
    public void GoldenSamplesProveTheContent()
    {
        _package.EditJson("golden.json", g =>
        {
            foreach (var e in g["samples"]![0]!["events"]!.AsArray())
                e!["content"] = new JsonArray(9, 9, 9, 9, 9, 9);
        });
        _package.AssertRefused("golden.json", "sample 0: the vector");
    }

    public void Dispose() => _package.Dispose();
}
