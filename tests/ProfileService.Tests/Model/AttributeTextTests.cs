using System.Text.Json;
using ProfileService.Model;

namespace ProfileService.Tests.Model;

public sealed class AttributeTextTests
{
    // The same as training has them: tests/training/encoding/test_encoder.py.
    [Theory]
    [InlineData("34", "34")]
    [InlineData("34.0", "34")]
    [InlineData("31.50", "31.5")]
    [InlineData("true", "true")]
    [InlineData("1e-5", "1e-05")]
    [InlineData("1e20", "1e+20")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("-36028797018963968", "-36028797018963970")]
    [InlineData("123456789012345678", "1.2345678901234568e+17")]
    [InlineData("-0.0", "0")]
    [InlineData("-0.25", "-0.25")]
    [InlineData("\"34.0\"", "34.0")]
    public void NumberHasOneTextHoweverItWasWritten(string json, string expected) => Assert.Equal(expected, AttributeText.Of(JsonElement.Parse(json)));
}
