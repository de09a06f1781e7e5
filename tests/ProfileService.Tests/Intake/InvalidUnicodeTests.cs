using System.Text.Json;
using ProfileService.Intake;

namespace ProfileService.Tests.Intake;

/// <summary>Where a body's text that is not Unicode lies.</summary>
public sealed class InvalidUnicodeTests
{
    private const string Half = "\"\\ud800\"";

    [Theory]
    [InlineData($$"""{"a":1,"b":[0,[{{Half}}]]}""", "b[1][0]")]
    [InlineData($$"""{"a":{"b":{"c":{{Half}} } } }""", "a.b.c")]
    [InlineData($$"""{"a":{ {{Half}}:1} }""", "a")]
    [InlineData($$"""{ {{Half}}:1}""", "")]
    [InlineData($$"""{".a":{{Half}}}""", ".a")]
    [InlineData("""{"a":["b",{"c":null}]}""", null)]
    public void PathLeadsToIt(string json, string? path)
    {
        using var body = JsonDocument.Parse(json);
        Assert.Equal(path, InvalidUnicode.Find(body.RootElement, ""));
        Assert.Equal(path is null ? null : path.Length == 0 ? "items[3]" : $"items[3].{path}", InvalidUnicode.Find(body.RootElement, "items[3]"));
    }

    [Fact]
    public void LongNamesAreNotRepeatedForEachValueUnderThem()
    {
        const int Length = 30_000;
        using var body = JsonDocument.Parse($$"""{"{{new string('n', Length)}}":[{{string.Join(',', Enumerable.Repeat(1, Length))}}],"a":{{Half}}}""");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("a", InvalidUnicode.Find(body.RootElement, ""));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100L * Length);
    }
}
