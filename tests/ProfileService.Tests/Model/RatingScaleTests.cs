using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ProfileService.Dimensions;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Tests.Model;

/// <summary>A service that reads ratings on another scale than its package was trained on says so, and what to do.</summary>
public sealed class RatingScaleTests : IDisposable
{
    private readonly PackageCopy _package = new(Repository.TinyPackage);

    [Theory]
    [InlineData(null, 1, 5, null)] // a package that states none was trained on 1 to 5
    [InlineData("""{"lowest":0,"highest":10}""", 0, 10, null)]
    [InlineData(null, 1, 10, "Events:LowestRating and Events:HighestRating are 1 and 10, but tiny/1 was trained on ratings from 1 to 5: "
        + "set Events:LowestRating=1 and Events:HighestRating=5, or train it with --rating-scale=1-10.")]
    [InlineData("""{"lowest":-1,"highest":0.5}""", 1, 5, "Events:LowestRating and Events:HighestRating are 1 and 5, but tiny/1 was trained on ratings from -1 to 0.5: "
        + "set Events:LowestRating=-1 and Events:HighestRating=0.5, or train it with --rating-scale=1-5.")]
    public async Task AnotherScaleIsLoggedAtTheStart(string? stated, double lowest, double highest, string? advice)
    {
        if (stated is not null)
            _package.EditJson("manifest.json", m => m["ratingScale"] = JsonNode.Parse(stated));
        var logged = await LoggedAsync(_package.Path, lowest, highest);
        Assert.Equal(advice is null ? "" : $"Ratings are not read as the model was trained to read them. {advice}", logged);
    }

    [Fact]
    public async Task PackageThatCountedNoRatingsIsNotComplainedAbout() =>
        Assert.Equal("", await LoggedAsync(Repository.Path("models/starter/3"), 0, 100));

    [Theory]
    [InlineData("""{"lowest":5,"highest":5}""")]
    [InlineData("""{"lowest":1}""")]
    [InlineData("""{"lowest":1,"highest":1000001}""")]
    public void ScaleThatNoServiceCanHaveIsRefused(string scale)
    {
        _package.EditJson("manifest.json", m => m["ratingScale"] = JsonNode.Parse(scale));
        _package.AssertRefused("manifest.json", "ratingScale: lowest must be below highest");
    }

    public void Dispose() => _package.Dispose();

    private static async Task<string> LoggedAsync(string package, double lowest, double highest)
    {
        var slot = new ModelSlot(Options.Create(new ModelOptions()), Options.Create(new WindowOptions()), NullLogger<ModelSlot>.Instance);
        slot.Activate(package);
        var (logger, ratings) = (new FakeLogger<RatingScaleStart>(), new RatingOptions { LowestRating = lowest, HighestRating = highest });
        await new RatingScaleStart(slot, Options.Create(ratings), logger).StartAsync(TestContext.Current.CancellationToken);
        return string.Join('\n', logger.Collector.GetSnapshot().Select(record => record.Message));
    }
}
