using System.CommandLine;
using System.Text.Json;
using ProfileService.Cli.Evaluation;
using ProfileService.Model;

namespace ProfileService.Tests.Cli;

/// <summary>Which windows figures are of.</summary>
public sealed class EvaluationRulesTests
{
    private static readonly WindowRules Stated = new(7, 3, WindowRules.Window);

    [Theory]
    [InlineData(false, 50, 0d, WindowRules.History)]
    [InlineData(true, 100, 90d, WindowRules.Window)] // the service's own
    public void WhatThePackageDoesNotStateIsAllThatItReadsOrAtAMomentTheServices(bool isAtAMoment, int maxEvents, double maxAge, string mask) =>
        Assert.Equal(new WindowRules(maxEvents, maxAge, mask), Of(null, isAtAMoment));

    [Fact]
    public void OptionsGoBeforeThePackage()
    {
        Assert.Equal(Stated, Of(Stated, isAtAMoment: false));
        Assert.Equal(Stated with { MaxEvents = 9, Mask = WindowRules.History }, Of(Stated, isAtAMoment: false, "--max-events", "9", "--mask", "history"));
        Assert.Equal(Stated with { MaxAgeDays = 1.5 }, Of(Stated, isAtAMoment: true, "--max-age", "1.5"));
    }

    private static WindowRules Of(WindowRules? stated, bool isAtAMoment, params string[] options)
    {
        var rules = new EvaluationRules();
        var command = new Command("evaluate");
        foreach (var option in rules.Options)
            command.Add(option);
        var manifest = JsonSerializer.Deserialize<ModelManifest>(File.ReadAllBytes(Path.Combine(Repository.TinyPackage, "manifest.json")), JsonSerializerOptions.Web)!;
        return rules.Of(command.Parse(options), manifest with { MaxEvents = 50, WindowRules = stated }, isAtAMoment);
    }
}
