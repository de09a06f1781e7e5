using ProfileService.Profiles;

namespace ProfileService.Tests.Profiles;

public sealed class UserDirectoryTests
{
    [Theory]
    [InlineData("a", "b")]
    [InlineData("az", "a{")]
    [InlineData("a\uD7FF", "a\uE000")]
    [InlineData("a\uFFFF", "a\U00010000")]
    [InlineData("a\U0010FFFF", "b")]
    [InlineData("\U0010FFFF", null)]
    [InlineData("", null)]
    public void EndOfAPrefixIsTheLeastTextAboveIt(string prefix, string? end) => Assert.Equal(end, UserDirectory.AfterAll(prefix));
}
