using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Cli.Data;
using ProfileService.Cli.Evaluation;
using ProfileService.Model;
using static ProfileService.TestServers.Common.TestEvents;
using ProfileService.Windows;

namespace ProfileService.Tests.Cli;

public sealed class EvaluationTests
{
    private static readonly ReviewTexts NoTexts = new(package: null);

    // i1 scores 14, i2 13 and so on to i14 with 1, but i4 as much as i3: 12.
    private static readonly ItemVectors Items = new(
        [99, 99, 14, 13, 12, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 1, Enumerable.Range(1, 14).ToDictionary(i => $"i{i}", i => i + 1L));

    [Fact]
    public void FiguresAreThoseComputedByHand()
    {
        RankedUser[] ranked =
        [
            Rank("i1", "i2", "i14", "i3"), // i1 and i2 are masked, i4 has the same score: the second
            Rank("i1", "i13", "i14", "i11"), // i2 to i10 are better: the tenth
            Rank("i12", "i13", "i14", "i11"), // i1 to i10 are better: the eleventh, a miss
            Rank("i1", "i2", "i3", "new"), // not in the vocabulary: a miss
        ];
        Assert.Equal([1, 9, 10, null], ranked.Select(r => r.Rank));
        // 2 of 4; (1 / log2 3 + 1 / log2 11) / 4 = (0.630930 + 0.289065) / 4
        Assert.Equal(new EvaluationFigures("test", 0.5, 0.229999, 4), EvaluationFigures.Of("test", ranked));
    }

    [Fact]
    public void UserWithARepeatedTargetOrTooFewEventsDoesNotCount()
    {
        Assert.Null(HeldOut.Of(History("i1", "i2", "i3", "i2"), 1));
        Assert.Null(HeldOut.Of(History("i1", "i2", "i3"), 1));
        Assert.NotNull(HeldOut.Of(History("i1", "i1", "i1", "i2"), 1));
        Assert.Null(HeldOut.Of(History("i1", "i2", "i1", "i4"), 2));
    }

    [Theory]
    [InlineData(1, "i4", 3)]
    [InlineData(2, "i3", 2)]
    public void ContextIsAllBeforeTheTargetAndNothingAfter(int fromEnd, string target, int context)
    {
        var heldOut = HeldOut.Of(History("i1", "i2", "i3", "i4"), fromEnd)!;
        Assert.Equal((target, context), (heldOut.Target, heldOut.Context.Events.Count));
    }

    [Fact]
    public void TopTenAreTheBestNewItemsAndOfEqualsTheLowerIndexFirst() =>
        Assert.Equal(["i2", "i3", "i4", "i5", "i6", "i7", "i8", "i9", "i10", "i11"], Rank("i1", "i13", "i14", "i12").TopItems);

    [Fact]
    public void WhereFewItemsAreNewTheTopTenAreFewer() =>
        Assert.Equal(["i7", "i9"], Rank([.. Enumerable.Range(1, 14).Where(i => i is not (7 or 9)).Select(i => $"i{i}"), "i9"]).TopItems);

    [Fact]
    public void ItemsOlderThanTheGraphTakesAreMaskedToo()
    {
        using var model = ActiveModel.Load(Repository.TinyPackage, new ModelOptions(), NullLogger.Instance, withItems: true);
        var all = Enumerable.Range(2, model.Items!.Vectors.Rows - 2).Select(model.Items.Vectors.IdOf).ToArray();
        Assert.True(all.Length > 8 * model.Encoder.MaxEvents);
        var ranked = new EvaluationRun(model, model.Items, new EvaluationInputs(new Dictionary<string, Dictionary<string, string>>(), null, NoTexts.Feedback))
            .Run([HeldOut.Of(History([.. all[3..], all[0]]), 1)!, HeldOut.Of(History(all[..4]), 1)!], _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(all[..3].Order(), ranked[0].TopItems.Order());
        Assert.Equal(10, ranked[1].TopItems.Count);
    }

    [Fact]
    public void WindowsAreByTheRulesAndSoIsTheMaskWhereTheyAskForIt()
    {
        var history = History("i1", "i2", "i3", "i4", "i5", "i1"); // a second apart
        Assert.Null(HeldOut.Of(history, 1, new WindowRules(3)));
        var window = HeldOut.Of(history, 1, new WindowRules(3, Mask: WindowRules.Window))!;
        Assert.Equal(("i1", "i3 i4 i5", "i3 i4 i5"), (window.Target, Items(window.Context.Events), Items(window.Masked)));
        var aged = HeldOut.Of(history, 2, new WindowRules(100, 1.0 / 86_400))!;
        Assert.Equal(("i5", "i3 i4", "i1 i2 i3 i4"), (aged.Target, Items(aged.Context.Events), Items(aged.Masked)));

        static string Items(IEnumerable<WindowEvent> events) => string.Join(' ', events.Select(e => e.ItemId));
    }

    [Fact]
    public void TargetAfterAMomentIsTheFirstItemThatTheWindowLacks()
    {
        var history = History("i1", "i2", "i3", "i3", "i2", "i1", "i9");
        Assert.Equal("i1", HeldOut.After(history, Start(2), new WindowRules(2))!.Target);
        Assert.Equal("i9", HeldOut.After(history, Start(2), new WindowRules(3))!.Target);
        Assert.Null(HeldOut.After(history, Start(-1), new WindowRules(3)));
        Assert.Null(HeldOut.After(history, Start(6), new WindowRules(3)));

        static long Start(int second) => Event(second).Timestamp;
    }

    [Fact]
    public void PopularityIsTheNumberOfUsersWhoMetTheItemUpToTheMoment()
    {
        var scores = ItemPopularity.Until(Event(1).Timestamp, [History("i1", "i1", "i2"), History("i3", "i1"), History("new", "i2")], Items);
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity, 2, 1, 1, 0], scores[..6]);
        var user = HeldOut.Of(History("i1", "i4", "i5", "i6"), 1)!;
        Assert.Equal(10, new ItemRanking(new PackageItems(Items), 100, NoTexts.Feedback).RankBy(user, scores).Rank); // as good as all others that it has not met
    }

    private static Window History(params string[] items) => new("u1", [.. items.Select((item, i) => Event(i, item: item))]);

    private static RankedUser Rank(params string[] history) => new ItemRanking(new PackageItems(Items), 100, NoTexts.Feedback).Rank(HeldOut.Of(History(history), 1)!, [1]);
}
