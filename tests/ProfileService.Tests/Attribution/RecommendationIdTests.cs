using Microsoft.Extensions.Time.Testing;
using ProfileService.Attribution;
using ProfileService.Platform;

namespace ProfileService.Tests.Attribution;

public sealed class RecommendationIdTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 28, 23, 59, 59, TimeSpan.Zero));

    [Fact]
    public void IdSaysWhichModelRecommendedAndOnWhichDay()
    {
        var id = WithKey(1).Make("demo/3");
        Assert.Matches(Base64Text.Pattern, id);
        Assert.Equal(new RecommendationSource("demo/3", new DateOnly(2026, 11, 28)), WithKey(1).Read(id));
    }

    [Fact]
    public void EachAnswerHasAnIdOfItsOwn() => Assert.NotEqual(WithKey(1).Make("demo/3"), WithKey(1).Make("demo/3"));

    [Fact]
    public void LongestModelHasTheLongestId()
    {
        var longest = $"{new string('n', 64)}/{new string('v', 64)}";
        var id = WithKey(1).Make(longest);
        Assert.Equal(RecommendationIds.MaxLength, id.Length);
        Assert.Equal(longest, WithKey(1).Read(id)!.Value.Model);
    }

    [Fact]
    public void IdOfAnotherDatabaseIsNotRead() => Assert.Null(WithKey(2).Read(WithKey(1).Make("demo/3")));

    [Fact]
    public void IdOfWhichABitWasChangedIsNotRead()
    {
        var bytes = Convert.FromBase64String(WithKey(1).Make("demo/3").Replace('-', '+').Replace('_', '/'));
        Assert.NotNull(WithKey(1).Read(Text(bytes)));
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(WithKey(1).Read(Text(bytes)));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("demo/22", "=")]
    [InlineData("demo/22", "%")]
    [InlineData("demo/221", "==")]
    [InlineData("demo/3", " ")]
    public void IdWithPaddingOrSpaceIsNotTheOneThatWasMade(string model, string padding)
    {
        var made = WithKey(1).Make(model);
        Assert.NotNull(WithKey(1).Read(made));
        Assert.Null(WithKey(1).Read(made + padding));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("AQ")]
    [InlineData("not an id")]
    [InlineData("\u00e4\u00f6\u00fc")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void AnyOtherTextIsNotRead(string text) => Assert.Null(WithKey(1).Read(text));

    [Fact]
    public void TextThatIsTooLongIsNotRead() => Assert.Null(WithKey(1).Read(new string('A', RecommendationIds.MaxLength + 4)));

    private static string Text(byte[] id) => Convert.ToBase64String(id).Replace('+', '-').Replace('/', '_');

    private static RecommendationIds WithKey(byte first)
    {
        var hash = new UserHash();
        hash.Use([first, .. new byte[UserHash.KeyBytes - 1]]);
        return new RecommendationIds(hash, Time);
    }
}
