using ProfileService.Platform;

namespace ProfileService.Tests.Platform;

public sealed class RedisScriptTests
{
    [Fact]
    public void PlaceholderIsReplacedByTheConstant() =>
        Assert.Equal("unpack('<I4', s, 7 + 1)", RedisScript.Fill("unpack('{{Head.Format}}', s, {{Head.At}} + 1)", typeof(Head)));

    [Theory]
    [InlineData("{{Head.Elsewhere}}")]
    [InlineData("{{Other.At}}")]
    [InlineData("{{At}}")]
    [InlineData("{{}}")]
    [InlineData("{{ Head.At }}")]
    [InlineData("{{Head.Shared}}")] // not a constant
    public void PlaceholderThatIsNoConstantThrows(string placeholder)
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => RedisScript.Fill($"return {{{{Head.At}}}} + {placeholder}", typeof(Head)));
        Assert.Contains(placeholder, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassThatNoPlaceholderNamesThrows()
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => RedisScript.Fill("return {{Head.At}}", typeof(Head), typeof(Tail)));
        Assert.Contains(nameof(Tail), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileThatDoesNotExistThrows() =>
        Assert.Throws<InvalidOperationException>(() => RedisScript.Load(typeof(RedisScript), ["none.lua"]));

    private static class Head
    {
        public const int At = 7;
        public const string Format = "<I4";
        public static readonly int Shared = At;
    }

    private static class Tail
    {
        public const int At = 9;
    }
}
