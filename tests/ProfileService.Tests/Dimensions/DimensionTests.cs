using ProfileService.Dimensions;
using ProfileService.Platform;

namespace ProfileService.Tests.Dimensions;

/// <summary>The formulas, on cases computed by hand.</summary>
public sealed class DimensionTests
{
    private static readonly DateTime Monday = new(2026, 11, 2, 10, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void ActivityCountsWhenAndHowMuch()
    {
        // Monday 10:00, 10:30 (30 minutes: the same session), 11:01 (31: another), Wednesday 22:00
        var activity = Activity.Of(
            [At(0, "view"), At(30, "purchase", value: 20), At(61, "view", value: 99), At((2 * 24 * 60) + (12 * 60), "purchase", value: 5.5)], Monday.AddDays(3.5))!;
        Assert.Equal((4, 3), (activity.Events, activity.Sessions));
        Assert.Equal((Monday, Monday.AddDays(2.5)), (activity.FirstEventAt!.Value, activity.LastEventAt));
        Assert.Equal(1.0, activity.RecencyDays);
        Assert.Equal(1.6, activity.EventsPerDay); // 4 in 2.5 days
        Assert.Equal(25.5, activity.ValueSum);
        Assert.Equal((0.5, 0.25, 0.25), (activity.Hours[10], activity.Hours[11], activity.Hours[22]));
        Assert.Equal([0.75, 0, 0.25, 0, 0, 0, 0], activity.Weekdays);
    }

    [Fact]
    public void ActivityOfEventsAheadOfTheClockIsOfNow()
    {
        var activity = Activity.Of([At(0, "view"), At(1, "view")], Monday.AddDays(-1))!;
        Assert.Equal(0, activity.RecencyDays);
        Assert.Equal(2, activity.EventsPerDay); // of a day, for less says nothing of a day
        Assert.Null(activity.ValueSum);
        Assert.Null(Activity.Of([], Monday));
    }

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    public void SumOfTheGreatestValuesStaysANumber(double value) => Assert.Equal(
        value, Activity.Of([At(0, "purchase", value: value), At(1, "purchase", value: value)], Monday)!.ValueSum);

    [Fact]
    public void IntentIsOfTheLastSession()
    {
        var intent = Intent.Of([At(0, "purchase"), At(60, "view"), At(61, "search"), At(62, "like"), At(63, "cart")])!;
        Assert.Equal((0.5, 0.25, 0.25, 0), (intent.Browse, intent.Compare, intent.Buy, intent.Feedback));
        Assert.Null(Intent.Of([]));
    }

    [Theory]
    [InlineData("like")]
    [InlineData("dislike")]
    [InlineData("share")]
    [InlineData("rating")]
    [InlineData("review")]
    public void JudgementOfWhatWasBoughtIsFeedbackAndOfOtherItemsComparing(string kind)
    {
        var intent = Intent.Of([At(0, "purchase"), At(60, "view"), At(61, kind), At(62, kind) with { IsOfBought = true }, At(63, kind) with { IsOfBought = true }])!;
        Assert.Equal((0.25, 0.25, 0, 0.5), (intent.Browse, intent.Compare, intent.Buy, intent.Feedback));
    }

    [Theory]
    [InlineData("view", 1, 0)]
    [InlineData("wishlist", 1, 0)]
    [InlineData("cart", 0, 1)]
    [InlineData("purchase", 0, 1)]
    public void WhatIsDoneAgainWithABoughtItemIsNoFeedback(string kind, double browse, double buy)
    {
        var intent = Intent.Of([At(0, kind) with { IsOfBought = true }])!;
        Assert.Equal((browse, 0, buy, 0), (intent.Browse, intent.Compare, intent.Buy, intent.Feedback));
    }

    [Fact]
    public void PriceLevelIsOfPricesOnly()
    {
        var price = PriceLevel.Of(
        [
            At(0, "view", value: 30), At(1, "rating", value: 5), At(2, "cart", value: 10), At(3, "purchase", value: 20), At(4, "click", value: 50),
            At(5, "view", value: 40), At(6, "view", value: 0), At(7, "view", value: -3), At(8, "view"),
        ])!;
        Assert.Equal((30, 14, 46, 5), (price.Median, price.Low, price.High, price.Events)); // 10 20 30 40 50: places 2, 0.4, 3.6
        Assert.Null(PriceLevel.Of([At(0, "rating", value: 5)]));
    }

    [Fact]
    public void SentimentHasMeanAndTrend()
    {
        var sentiment = TextSentiment.Of([At(0, "review", sentiment: -0.5f), At(1, "view"), At(2, "review", sentiment: 0.5f), At(3, "review", sentiment: 0.9f)])!;
        Assert.Equal((0.3, 1.2, 3), (sentiment.Mean, sentiment.Trend, sentiment.Texts)); // (0.5 + 0.9) / 2 - -0.5
        Assert.Null(TextSentiment.Of([At(0, "review", sentiment: 1)])!.Trend);
        Assert.Null(TextSentiment.Of([At(0, "review")]));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 4, 0.0909)]
    [InlineData(10, 0, 0.5)]
    [InlineData(90, 4, 0.901)]
    public void EvidenceGrowsWithWhatIsKnown(int events, int attributes, double expected) =>
        Assert.Equal(expected, Evidence.Of(events, attributes), 1e-6);

    [Fact]
    public void PartsWithoutDataAreLeftOutOfTheJson()
    {
        Assert.Equal("{}", ProfileDimensions.Of([], null, Monday).ToJson());
        Assert.DoesNotContain("sentiment", ProfileDimensions.Of([At(0, "view")], null, Monday).ToJson(), StringComparison.Ordinal);
    }

    private static DimensionEvent At(int minute, string kind, double? value = null, float? sentiment = null) =>
        new(kind, EventTime.FromUtc(Monday.AddMinutes(minute)), Value: value, Sentiment: sentiment);
}
