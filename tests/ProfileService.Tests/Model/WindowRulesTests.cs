using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Tests.Model;

/// <summary>A service whose windows are not those that the model was measured with says so, and what to do.</summary>
public sealed class WindowRulesTests : IDisposable
{
    private readonly PackageCopy _package = new(Repository.TinyPackage);

    [Theory]
    [InlineData("""{"maxEvents":100,"maxAgeDays":90,"mask":"history"}""", null)]
    [InlineData("""{"maxEvents":100,"maxAgeDays":90,"mask":"window"}""", null)]
    [InlineData("""{"maxEvents":100}""", null)] // of a log without times
    [InlineData("""{"maxEvents":50,"maxAgeDays":90}""", "Windows:MaxEvents is 100, the figures of tiny/1 are of windows of 50 events: set Windows:MaxEvents=50, or measure it with --max-events 100.")]
    [InlineData("""{"maxEvents":100,"maxAgeDays":0}""", "Windows:MaxAge is 90 days, the figures of tiny/1 are of events of any age: set Windows:MaxAge=3650.00:00:00, or measure it with --max-age 90.")]
    [InlineData(
        """{"maxEvents":7,"maxAgeDays":1.5}""",
        "Windows:MaxEvents is 100, the figures of tiny/1 are of windows of 7 events: set Windows:MaxEvents=7, or measure it with --max-events 100. "
        + "Windows:MaxAge is 90 days, the figures of tiny/1 are of events at most 1.5 days older than the newest: set Windows:MaxAge=1.12:00:00, or measure it with --max-age 90.")]
    public async Task DifferencesAreLoggedAtTheStartAndShownWithTheModel(string rules, string? advice)
    {
        _package.EditJson("manifest.json", m => m["windowRules"] = JsonNode.Parse(rules));
        using var service = new TestService(("Model:Package", _package.Path));
        var active = (await service.GetAsync("/v1/models")).Json.GetProperty("active");
        Assert.Equal(advice, active.TryGetProperty("windowAdvice", out var shown) ? shown.GetString() : null);
        Assert.Equal(JsonNode.Parse(rules)!["maxEvents"]!.GetValue<int>(), active.GetProperty("windowRules").GetProperty("maxEvents").GetInt32());
        Assert.Equal(advice is not null, Logged().Contains("Windows are not those that the model was measured with", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3_650)]
    public void AnyAgeIsTheGreatestThatTheServiceCanHave(double days) =>
        Assert.Null(new WindowRules(100, days).Advice("tiny/1", new WindowOptions { MaxAge = TimeSpan.FromDays(3_650) }));

    [Fact]
    public async Task PackageThatStatesNoRulesIsNotComplainedAbout()
    {
        _package.EditJson("manifest.json", m => m.AsObject().Remove("windowRules"));
        using var service = new TestService(("Model:Package", _package.Path), ("Windows:MaxEvents", "5"));
        Assert.DoesNotContain("window", (await service.GetAsync("/v1/models")).Json.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"maxEvents":0}""", "maxEvents")]
    [InlineData("""{"maxEvents":5,"maxAgeDays":-1}""", "maxAgeDays")]
    [InlineData("""{"maxEvents":5,"mask":"nothing"}""", "mask")]
    public void RulesThatNoServiceCanHaveAreRefused(string rules, string reason)
    {
        _package.EditJson("manifest.json", m => m["windowRules"] = JsonNode.Parse(rules));
        _package.AssertRefused("manifest.json", $"windowRules: {reason}");
    }

    public void Dispose() => _package.Dispose();

    private string Logged()
    {
        var logger = new FakeLogger<ModelSlot>();
        new ModelSlot(Options.Create(new ModelOptions()), Options.Create(new WindowOptions()), logger).Activate(_package.Path);
        return string.Join('\n', logger.Collector.GetSnapshot().Select(record => record.Message));
    }
}
