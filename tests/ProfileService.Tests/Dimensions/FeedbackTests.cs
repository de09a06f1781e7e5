using ProfileService.Dimensions;

namespace ProfileService.Tests.Dimensions;

/// <summary>What each kind of event says for or against its categories.</summary>
public sealed class FeedbackTests
{
    private static readonly RatingOptions OneToFive = new();

    [Theory]
    [InlineData("view", 1)]
    [InlineData("click", 1)]
    [InlineData("search", 1)]
    [InlineData("a-kind-of-its-own", 1)]
    [InlineData("cart", 3)]
    [InlineData("purchase", 4)]
    [InlineData("like", 2)]
    [InlineData("share", 2)]
    [InlineData("dislike", -2)]
    [InlineData("rating", 1)]
    [InlineData("review", 1)]
    public void EachKindHasItsWeight(string kind, double weight) => Assert.Equal(weight, Feedback.Of(kind, null, null, OneToFive));

    [Theory]
    [InlineData(5, 2)]
    [InlineData(4, 1.5)]
    [InlineData(3.5, 1.25)]
    [InlineData(3, 1)]
    [InlineData(2.5, -0.5)]
    [InlineData(2, -1)]
    [InlineData(1, -2)]
    [InlineData(0, -2)]
    [InlineData(-1e300, -2)]
    [InlineData(10, 2)]
    [InlineData(double.MaxValue, 2)]
    public void RatingAndReviewWithAValueGoByTheScale(double value, double weight)
    {
        Assert.Equal(weight, Feedback.Of("rating", value, null, OneToFive));
        Assert.Equal(weight, Feedback.Of("review", value, sentiment: -0.9, OneToFive)); // a value says more than a text
    }

    [Theory]
    [InlineData(0, 10, 10, 2)]
    [InlineData(0, 10, 5, 1)]
    [InlineData(0, 10, 2.5, -1)]
    [InlineData(0, 10, 0, -2)]
    [InlineData(-1, 1, 0, 1)]
    [InlineData(-1, 1, -1, -2)]
    [InlineData(0, 1, 1, 2)]
    [InlineData(0, 1, 0, -2)]
    [InlineData(0, 100, 75, 1.5)]
    public void ScaleMayBeAnother(double lowest, double highest, double value, double weight) =>
        Assert.Equal(weight, Feedback.Of("rating", value, null, new RatingOptions { LowestRating = lowest, HighestRating = highest }));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0.5, 1.5)]
    [InlineData(0, 1)]
    [InlineData(-0.5, -1)]
    [InlineData(-1, -2)]
    public void TextSpeaksWhereThereIsNoValue(double sentiment, double weight)
    {
        Assert.Equal(weight, Feedback.Of("review", null, sentiment, OneToFive));
        Assert.Equal(weight, Feedback.Of("rating", null, sentiment, OneToFive));
    }

    [Theory]
    [InlineData("view", 1)]
    [InlineData("purchase", 4)]
    [InlineData("like", 2)]
    [InlineData("dislike", -2)]
    [InlineData("a-kind-of-its-own", 1)]
    public void ValueAndTextOfOtherKindsSayNothing(string kind, double weight) => Assert.Equal(weight, Feedback.Of(kind, 1, -1, OneToFive));
}
