using System.Text.Json;
using ProfileService.Cli.Data;

namespace ProfileService.Tests.Cli;

public sealed class EventFormatTests : IDisposable
{
    private readonly TempDirectory _files = new();

    [Fact]
    public void SequenceIsAViewASecond()
    {
        var events = Read("u1 i7\ti8");
        Assert.Equal([(1, "u1", "view", "i7", "2000-01-01T00:00:00Z"), (1, "u1", "view", "i8", "2000-01-01T00:00:01Z")], events);
    }

    [Fact]
    public void LineWithAUserOnlyIsAnEventWithoutAnItemAndLinesAreCountedAsTheyStand() =>
        Assert.Equal([(1, null), (2, "i1"), (4, "i2"), (5, null)], Read("u1", "u2 i1", "", "u3 i2", "u3 ").Select(e => (e.Line, e.Item)));

    [Fact]
    public void SecondLineOfAUserGoesOnWhereTheFirstOneEnded() =>
        Assert.Equal(["2000-01-01T00:00:00Z", "2000-01-01T00:00:00Z", "2000-01-01T00:00:01Z"], Read("u1 i1", "u2 i1", "u1 i2").Select(e => e.Time));

    [Theory]
    [InlineData("csv")]
    [InlineData("Events")]
    public void OtherFormatIsRefusedAndTheFormatsAreNamed(string format)
    {
        var refused = Assert.Throws<InvalidDataException>(() => EventFile.Open(format, "any"));
        Assert.Contains("events, movielens-100k, sequences", refused.Message, StringComparison.Ordinal);
        Assert.Contains("src/training/prepare.py", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AttributesAreTextsWithOneFormForEachNumber()
    {
        var read = AttributeFile.Read(Write("{\"userId\":\"u1\",\"attributes\":{\"age\":31.50,\"size\":3.40e1,\"vip\":true,\"gender\":\"F\",\"left\":null},\"more\":[]}", "", "{\"userId\":\"u2\",\"attributes\":{}}"));
        Assert.Equal(new Dictionary<string, string> { ["age"] = "31.5", ["size"] = "34", ["vip"] = "true", ["gender"] = "F" }, read["u1"]);
        Assert.Empty(read["u2"]);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"userId\":\"u1\"}")]
    [InlineData("{\"userId\":\"u1\",\"attributes\":{\"age\":[31]}}")]
    public void LineThatIsNoAttributesIsNamed(string line)
    {
        var refused = Assert.Throws<InvalidDataException>(() => AttributeFile.Read(Write("{\"userId\":\"u2\",\"attributes\":{}}", line)));
        Assert.Contains("line 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MovieLensSaysAgeGenderAndOccupation()
    {
        File.WriteAllLines(_files.File("u.user"), ["7|57|M|administrator|91344"]);
        var read = AttributeFile.ReadMovieLens(_files.Path);
        Assert.Equal(new Dictionary<string, string> { ["age"] = "57", ["gender"] = "M", ["occupation"] = "administrator" }, read["7"]);
    }

    public void Dispose() => _files.Dispose();

    private List<(long Line, string User, string Kind, string? Item, string Time)> Read(params string[] lines) =>
        [.. EventFile.Open(EventFile.Sequences, Write(lines)).Lines.Select(l => (l.Number, JsonElement.Parse(l.Json)))
            .Select(l => (l.Number, Text(l.Item2, "userId"), Text(l.Item2, "kind"), l.Item2.GetProperty("itemId").GetString(), Text(l.Item2, "timestamp")))];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private string Write(params string[] lines)
    {
        File.WriteAllLines(_files.File("lines"), lines);
        return _files.File("lines");
    }
}
