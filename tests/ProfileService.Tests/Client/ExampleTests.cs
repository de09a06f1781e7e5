using System.Text.RegularExpressions;
using ProfileService.Client;

namespace ProfileService.Tests.Client;

/// <summary>The examples of docs/clients.md are what runs here: events and profiles.</summary>
[Needs(Need.Process)]
public sealed partial class ExampleTests : IDisposable
{
    private readonly TestService _service = new();

    [Fact]
    public void CSharpExamplesOfThePageAreTheCompiledOnes()
    {
        var source = File.ReadAllText(Repository.Path("tests/ProfileService.Tests/Client/Examples.cs"));
        var regions = Region().Matches(source).ToDictionary(m => m.Groups["name"].Value, m => Indent().Replace(m.Groups["code"].Value, ""));
        Assert.Equal(ExampleDocument.Clients.Sections.Order(), regions.Keys.Order());
        Assert.All(regions, r => Assert.Equal(ExampleDocument.Clients.CSharp(r.Key), r.Value));
    }

    [Fact]
    public async Task CSharpExamplesRun()
    {
        Assert.NotNull(Examples.Connect());
        var profiles = new ProfileServiceClient(_service.Client);
        Assert.Equal(2, await Examples.SendEventsAsync(profiles, TimeProvider.System));
        Assert.Equal(1, (await Examples.ReadProfileAsync(profiles)).EventCount);
        var (matrix, room) = await Examples.ReadVectorsAsync(profiles);
        Assert.Equal(["nobody"], matrix.Missing);
        Assert.Equal(matrix.Values.ToArray(), room);
    }

    [Theory]
    [InlineData("Send events", "2 accepted []")]
    [InlineData("Read a profile", "ada 1 events, ")]
    [InlineData("Vectors of many users", "['nobody'] have no profile")]
    [InlineData("Vectors of many users", "ada begins with ")]
    [InlineData("Read a profile", "unchanged")]
    public async Task PythonExampleRuns(string section, string printed) =>
        Assert.Contains(printed, await ExampleDocument.Clients.RunAsync(section, "python", _service.Client.BaseAddress!), StringComparison.Ordinal);

    [Theory]
    [InlineData("Send events", "\"accepted\":2")]
    [InlineData("Read a profile", "\"userId\":\"ada\"")]
    public async Task CurlExampleRuns(string section, string printed) =>
        Assert.Contains(printed, await ExampleDocument.Clients.RunAsync(section, "bash", _service.Client.BaseAddress!), StringComparison.Ordinal);

    [Fact]
    public async Task CurlShowsTheVectorsOfMany()
    {
        var numbers = (await ExampleDocument.Clients.RunAsync("Vectors of many users", "bash", _service.Client.BaseAddress!)).Split('\n')[^3..];
        Assert.All(numbers[..2], line => Assert.Matches(@"(^|})( +-?\d\S*){4}$", line)); // ada's first numbers, none of them NaN
    }

    public void Dispose() => _service.Dispose();

    [GeneratedRegex(@"#region (?<name>[^\n]+)\n(?<code>.*?) *#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex("^        ", RegexOptions.Multiline)]
    private static partial Regex Indent();
}
