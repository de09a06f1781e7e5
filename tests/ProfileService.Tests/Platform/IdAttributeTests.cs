using System.Text.RegularExpressions;
using ProfileService.Platform;

namespace ProfileService.Tests.Platform;

/// <summary>The rules of ids that the description of the API gives are those that the service enforces.</summary>
public sealed class IdAttributeTests
{
    [Theory]
    [InlineData("u1")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData(".a")]
    [InlineData("a b/c%")]
    [InlineData("größe 日本語 👍")]
    [InlineData("a\u0000")]
    [InlineData("\u001fa")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0080b")]
    [InlineData("a\u009fb")]
    [InlineData("a\u00a0b")]
    public void DescribedRuleIsTheEnforcedOne(string text)
    {
        Assert.Equal(EntityId.IsValid(text), Fits(new IdAttribute(), text));
        Assert.Equal(EntityId.IsName(text), Fits(new NameAttribute(), text));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(129)]
    public void LengthIsBounded(int length) => Assert.Equal(EntityId.IsValid(new('x', length)), Fits(new IdAttribute(), new('x', length)));

    private static bool Fits(TextRuleAttribute rule, string text) =>
        text.Length >= rule.MinLength && text.Length <= rule.MaxLength && Regex.IsMatch(text, rule.Pattern!);
}
