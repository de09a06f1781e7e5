using System.Text.Json.Nodes;
using ProfileService.Model;
using ProfileService.Sentiment;
using ProfileService.Tests.Model;

namespace ProfileService.Tests.Sentiment;

public sealed class SentimentPackageTests : IDisposable
{
    private readonly PackageCopy _package = new(Repository.SentimentPackage);

    [Fact]
    public void ShippedPackageProvesItselfAndIsSmall()
    {
        using var model = SentimentModel.Load(Repository.SentimentPackage, threads: 1);
        Assert.Equal("sentiment/5", model.Manifest.Id);
        Assert.InRange(Directory.EnumerateFiles(Repository.SentimentPackage).Sum(f => new FileInfo(f).Length), 1, 12 << 20);
    }

    [Fact]
    public void ShippedPackageBeatsMajorityAndBagOfGramsOnTheTextsHeldOut()
    {
        using var model = SentimentModel.Load(Repository.SentimentPackage, threads: 1);
        var all = model.Manifest.Metrics!.Value.GetProperty("test").GetProperty("all");
        var (own, bag, majority) = (all.GetProperty("model").GetDouble(), all.GetProperty("bagOfGrams").GetDouble(), all.GetProperty("majority").GetDouble());
        Assert.True(own > bag && bag > majority, all.ToString());
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("golden.json")]
    [InlineData("folding.json")]
    public void OneChangedByteIsRefusedAndTheFileNamed(string file)
    {
        _package.Edit(file, bytes => bytes[bytes.Length / 2] ^= 1);
        AssertRefused(file, "sha256");
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("folding.json")]
    [InlineData("manifest.json")]
    public void MissingFileIsRefused(string file)
    {
        File.Delete(_package.PathOf(file));
        AssertRefused(file, "missing");
    }

    [Theory]
    [InlineData("folding.json")]
    [InlineData("golden.json")]
    public void ManifestThatDoesNotNameAFileIsRefused(string file)
    {
        File.Delete(_package.PathOf(file));
        _package.EditJson("manifest.json", m => m["files"]!.AsObject().Remove(file));
        AssertRefused("manifest.json", file);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("version")]
    [InlineData("kind")]
    [InlineData("tokenizer")]
    [InlineData("maxTokens")]
    [InlineData("files")]
    public void ManifestWithoutAMemberIsRefusedByName(string member)
    {
        _package.EditJson("manifest.json", m => m.AsObject().Remove(member));
        AssertRefused("manifest.json", member);
    }

    [Theory]
    [InlineData("encoding", "\"words\"")]
    [InlineData("buckets", "0")]
    [InlineData("units", "1")]
    [InlineData("longestGram", "4")]
    [InlineData("longestWord", "1000")]
    [InlineData("longestRun", "0")]
    [InlineData("stem", "1")]
    public void TokenizerOutOfBoundsIsRefusedByName(string member, string value)
    {
        _package.EditJson("manifest.json", m => m["tokenizer"]![member] = JsonNode.Parse(value));
        AssertRefused("manifest.json", member);
    }

    [Fact]
    public void PackageOfAProfileModelIsRefusedAndTheSettingNamed()
    {
        using var other = new PackageCopy(Repository.TinyPackage);
        var refused = Assert.Throws<PackageRefusedException>(() => SentimentModel.Load(other.Path, threads: 1));
        Assert.Contains("Model:SentimentPackage", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FoldingOfMoreThanOneCharacterIsRefused()
    {
        _package.EditJson("folding.json", f => f["ab"] = "c");
        AssertRefused("folding.json", "'ab' is not one character");
    }

    [Fact]
    public void TokenizerThatDiffersFromTrainingsIsRefused()
    {
        _package.EditJson("folding.json", f => f["l"] = "1");
        AssertRefused("golden.json", "sample 0: the tokens");
    }

    [Fact]
    public void GraphThatComputesOtherScoresThanTrainingIsRefused()
    {
        _package.EditJson("golden.json", g => g["samples"]![3]!["score"] = g["samples"]![3]!["score"]!.GetValue<double>() + 2e-4);
        AssertRefused("golden.json", "sample 3: the score");
    }

    [Fact]
    public void GraphThatComputesOtherOpinionsThanTrainingIsRefused()
    {
        _package.EditJson("golden.json", g => g["samples"]![3]!["opinion"] = g["samples"]![3]!["opinion"]!.GetValue<double>() - 2e-4);
        AssertRefused("golden.json", "sample 3: the opinion");
    }

    [Fact]
    public void GoldenSampleWithoutOpinionIsRefusedWhereTheManifestHasAThreshold()
    {
        _package.EditJson("golden.json", g => g["samples"]![5]!.AsObject().Remove("opinion"));
        AssertRefused("golden.json", "sample 5: it must have opinion");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.5)]
    [InlineData(1.01)]
    public void ThresholdThatIsNoProbabilityIsRefused(double least)
    {
        _package.EditJson("manifest.json", m => m["leastOpinion"] = least);
        AssertRefused("manifest.json", "leastOpinion");
    }

    [Fact]
    public void InAPackageThatDoesNotTellEveryTextWithAUnitStatesAnOpinion()
    {
        _package.EditJson("manifest.json", m => m.AsObject().Remove("leastOpinion"));
        _package.EditJson("golden.json", g => { foreach (var sample in g["samples"]!.AsArray()) sample!.AsObject().Remove("opinion"); });
        using var model = SentimentModel.Load(_package.Path, threads: 1);
        var outputs = SentimentBatch.Run(model, [model.Tokenizer.Tokens("1234567"), model.Tokenizer.Tokens("")]);
        Assert.NotNull(model.ScoreOf(outputs[0]));
        Assert.Null(model.ScoreOf(outputs[1]));
    }

    [Fact]
    public void TooFewGoldenSamplesAreRefused()
    {
        _package.EditJson("golden.json", g => g["samples"] = new JsonArray([.. g["samples"]!.AsArray().Take(19).Select(s => s!.DeepClone())]));
        AssertRefused("golden.json", "20");
    }

    [Fact]
    public void GraphOfAnotherKindIsRefused()
    {
        _package.Replace("model.onnx", File.ReadAllBytes(Path.Combine(Repository.TinyPackage, "model.onnx")));
        AssertRefused("model.onnx", "tokens");
    }

    [Fact]
    public void GraphThatIsNoGraphIsRefused()
    {
        _package.Replace("model.onnx", [.. "not a graph"u8]);
        AssertRefused("model.onnx", "ONNX Runtime");
    }

    [Fact]
    public void WhateverIsWrongThePackageIsRefused()
    {
        _package.EditJson("golden.json", g => g["samples"]![0] = null);
        Assert.Contains("cannot be verified", Assert.Throws<PackageRefusedException>(() => SentimentModel.Load(_package.Path, threads: 1)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _package.Dispose();

    private void AssertRefused(string file, string reason)
    {
        var refused = Assert.Throws<PackageRefusedException>(() => SentimentModel.Load(_package.Path, threads: 1));
        Assert.EndsWith(file, refused.File, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }
}
