using ProfileService.Platform;

namespace ProfileService.Tests.Platform;

/// <summary>The same values stand in tests/training, computed by the other implementation.</summary>
public sealed class StableHashTests
{
    [Theory]
    [InlineData("", 0xefd01f60ba992926)]
    [InlineData("a", 0x82a2a958a9bece5b)]
    [InlineData("sku-9", 0xc9e7deef4e9f5ee6)]
    [InlineData("Größe 42", 0x41149b009b1b738a)]
    [InlineData("日本語", 0xe11518acc326d0e8)]
    public void HashIsTheOneThatIsDocumented(string text, ulong expected) => Assert.Equal(expected, StableHash.Of(text));

    [Fact]
    public void LongTextIsHashedLikeItsBytes()
    {
        var text = new string('ü', 1_000);
        Assert.Equal(StableHash.Of(System.Text.Encoding.UTF8.GetBytes(text)), StableHash.Of(text));
    }
}
