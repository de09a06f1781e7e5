using Microsoft.Extensions.Time.Testing;
using ProfileService.Beacon;
using ProfileService.Platform;

namespace ProfileService.Tests.Beacon;

public sealed class PageTokenTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void TokenSaysWhoseItIsWhenItWasMadeAndWhenItEnds()
    {
        var made = WithKey(1).Make("zoë/1", 90);
        Assert.Matches(Base64Text.Pattern, made.Token);
        var now = Time.GetUtcNow().UtcDateTime;
        Assert.Equal(now.AddSeconds(90), made.ExpiresAt);
        Assert.Equal(new TokenContent("zoë/1", EventTime.FromUtc(now), made.ExpiresAt), WithKey(1).Read(made.Token));
    }

    [Fact]
    public void LongestIdHasTheLongestToken()
    {
        var longest = new string('\u20ac', EntityId.MaxLength); // three bytes a character, the most that there are
        var made = WithKey(1).Make(longest, TokenRequest.MaxSeconds);
        Assert.Equal(PageTokens.MaxLength, made.Token.Length);
        Assert.Equal(longest, WithKey(1).Read(made.Token)!.UserId);
    }

    [Fact]
    public void TokenOfAnotherDatabaseIsNotRead() => Assert.Null(WithKey(2).Read(WithKey(1).Make("ada", 60).Token));

    [Fact]
    public void TokenOfWhichABitWasChangedOrAByteCutIsNotRead()
    {
        var bytes = Convert.FromBase64String(WithKey(1).Make("ada", 60).Token.Replace('-', '+').Replace('_', '/')); // without padding
        Assert.NotNull(WithKey(1).Read(Text(bytes)));
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(WithKey(1).Read(Text(bytes)));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var length = 0; length < bytes.Length; length++)
            Assert.Null(WithKey(1).Read(Text(bytes[..length])));
    }

    [Theory]
    [InlineData("=", "ab")]
    [InlineData("%", "ab")]
    [InlineData("==", "a")]
    [InlineData("%%", "a")]
    [InlineData(" ", "abc")]
    public void TokenWithPaddingOrSpaceIsNotTheOneThatWasMade(string padding, string user)
    {
        var made = WithKey(1).Make(user, 60).Token;
        Assert.NotNull(WithKey(1).Read(made));
        Assert.Null(WithKey(1).Read(made + padding));
    }

    [Fact]
    public void KeyIsNotThatOfOtherIds()
    {
        var hash = new UserHash();
        hash.Use(new byte[UserHash.KeyBytes]);
        Assert.NotEqual(hash.KeyFor("page tokens"), hash.KeyFor("recommendation ids"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("not a token")]
    [InlineData("\u00e4\u00f6\u00fc")]
    [InlineData("psk_0123456789ab_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.")]
    public void AnyOtherTextIsNotRead(string text) => Assert.Null(WithKey(1).Read(text));

    [Fact]
    public void TextThatIsTooLongIsNotRead() => Assert.Null(WithKey(1).Read(new string('A', PageTokens.MaxLength + 4)));

    private static string Text(byte[] token) => Convert.ToBase64String(token).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static PageTokens WithKey(byte first)
    {
        var hash = new UserHash();
        hash.Use([first, .. new byte[UserHash.KeyBytes - 1]]);
        return new PageTokens(hash, Time);
    }
}
