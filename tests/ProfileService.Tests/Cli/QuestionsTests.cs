using System.Text.Json;
using ProfileService.Cli.Data;
using ProfileService.Cli.Tasks;
using ProfileService.Model;
using static ProfileService.TestServers.Common.TestEvents;
using ProfileService.Windows;

namespace ProfileService.Tests.Cli;

/// <summary>Who is asked, and what of.</summary>
public sealed class QuestionsTests
{
    private const int Users = 200;
    private const int Known = 4;
    private const double Day = 86_400;

    private static readonly HeldOutUsers Everybody = new(0, 1);

    [Fact]
    public void WhoeverCanBeFollowedLongEnoughIsAskedWhetherTheyComeBackSoon()
    {
        // Some come back in time, some too late, some never; the second half joins too late to be followed.
        double[][] back = [[3], [16], [2], []];
        var people = Asked(n => n < Users / 2 ? [1, 1, 1, 1, .. back[n % 4]] : [28, 28, 28, 28]);
        var asked = Assert.Single(Questions.Of(people));
        Assert.Equal("comes back within 14 days", asked.Name);
        Assert.Equal(Enumerable.Range(0, Users / 2), asked.Rows);
        Assert.Equal([1, 0, 0, 0], asked.Labels.Column(0).Take(Known));
    }

    [Fact]
    public void FactsAreAskedForByWhatTheyAre()
    {
        var facts = new Facts();
        for (var n = 0; n < Users; n++)
            facts[$"u{n}"] = Values(new { age = 20 + (n % 50), gender = "MF"[n % 2].ToString(), member = n % 3 == 0, job = n % 2 == 0 ? "student" : $"job{n % 16}", likes = n % 4 == 0 ? (string[])["baking", "laptops"] : ["yoga"] });
        var asked = Questions.Of(Asked(_ => [1, 1, 1, 1], facts));
        Assert.Equal(["age, R²", "gender, AUC", "job = student, AUC", "likes, AUC", "member, AUC"], asked.Select(q => $"{q.Name}, {q.Measure}"));
        Assert.Equal([1, 0, 1, 0], asked[1].Labels.Column(0).Take(Known)); // M
        Assert.Equal(3, asked[3].Labels.ColumnCount);
    }

    [Fact]
    public void WhatNobodyOrEverybodyHasIsNotAsked()
    {
        var facts = new Facts { ["u1"] = Values(new { x = (string[])["rare"] }) };
        Assert.Empty(Questions.Of(Asked(_ => [.. Enumerable.Repeat(1.0, 9)], facts)));
    }

    [Fact]
    public void KnownEventsAreTheFirstOnesOrThoseBeforeAMoment()
    {
        var histories = Histories(n => [.. Enumerable.Range(0, 9 + (n % 2)).Select(i => (double)i)]);
        Assert.All(People.Of(histories, new Cut(Known, null), Everybody).Asked, p => Assert.Equal(Known, p.Known.Events.Count));
        var until = Event(2 * Day).Timestamp;
        Assert.All(People.Of(histories, new Cut(Known, until), Everybody).Asked, p => Assert.Equal((2, until), (p.Known.Events.Count, p.AskedAt)));
        var few = Assert.Throws<InvalidDataException>(() => People.Of(histories, new Cut(10, null), new HeldOutUsers(0, 2)));
        Assert.Contains("--after", few.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HeldOutUsersAreThoseOfTraining()
    {
        // zlib.crc32(b"u1") % 5 and so on
        var part = new[] { "u1", "u2", "u3", "ä" }.Select(u => Enumerable.Range(0, 5).Single(p => new HeldOutUsers((uint)p, 5).Contains(u)));
        Assert.Equal([2, 4, 1, 0], part);
    }

    [Theory]
    [InlineData("""{"heldOutUsers":"1/2"}""", 1, 2)]
    [InlineData("""{"heldOutUsers":""}""", 0, 1)]
    [InlineData("{}", 0, 1)]
    public void ManifestSaysWhoWasHeldOut(string training, uint part, uint parts) =>
        Assert.Equal(new HeldOutUsers(part, parts), HeldOutUsers.Of(ManifestOf(training)));

    [Theory]
    [InlineData("2/2")]
    [InlineData("-1/2")]
    [InlineData("half")]
    public void WhatIsNoPartIsRefused(string text) =>
        Assert.Throws<InvalidDataException>(() => HeldOutUsers.Of(ManifestOf($$"""{"heldOutUsers":"{{text}}"}""")));

    private static ModelManifest ManifestOf(string training) =>
        new("m", "1", 1, 1, null!, null, new Dictionary<string, string>()) { Training = JsonElement.Parse(training) };

    private static People Asked(Func<int, double[]> days, params Facts[] facts) =>
        People.Of(Histories(days), new Cut(Known, null), Everybody, facts);

    private static List<Window> Histories(Func<int, double[]> days) =>
        [.. Enumerable.Range(0, Users).Select(n => new Window($"u{n}", [.. days(n).Select(day => Event(day * Day, $"u{n}"))]))];

    private static Dictionary<string, JsonElement> Values<T>(T fields) =>
        JsonSerializer.SerializeToElement(fields).EnumerateObject().ToDictionary(f => f.Name, f => f.Value);
}
