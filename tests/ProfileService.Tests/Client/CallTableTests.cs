using System.Text.Json;
using System.Text.RegularExpressions;
using ProfileService.Client;

namespace ProfileService.Tests.Client;

/// <summary>The table of all calls in docs/clients.md.</summary>
public sealed partial class CallTableTests
{
    [Fact]
    public void TableHasEveryOperationAndCallsThatThereAre()
    {
        var rows = Row().Matches(File.ReadAllText(Repository.Path("docs/clients.md")));
        Assert.Equal(Operations().Order(), rows.Select(row => (row.Groups["operation"].Value, row.Groups["request"].Value)).Order());

        var python = Call().Matches(File.ReadAllText(Repository.Path("clients/python/src/profileservice/client.py"))).Select(m => m.Groups[1].Value);
        Assert.All(rows, row => Assert.Contains(row.Groups["python"].Value, python));
        var script = Method().Matches(File.ReadAllText(Repository.Path("clients/typescript/src/client.ts"))).Select(m => m.Groups[1].Value);
        Assert.All(rows, row => Assert.Contains(row.Groups["typescript"].Value, script));
        var methods = typeof(ProfileServiceClient).GetMethods().Select(method => method.Name);
        Assert.All(rows, row => Assert.Contains(row.Groups["net"].Value, methods));
    }

    private static IEnumerable<(string Operation, string Request)> Operations()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Repository.Path("docs/openapi.json")));
        return [.. from path in document.RootElement.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where operation.Value.GetProperty("operationId").GetString() != "postBeacon" // which pages send
            select (operation.Value.GetProperty("operationId").GetString()!, $"{operation.Name.ToUpperInvariant()} {path.Name}")];
    }

    [GeneratedRegex(@"^\| (?<operation>\w+) \| `(?<net>\w+)` \| `(?<python>\w+)` \| `(?<typescript>\w+)` \| `(?<request>[^`]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^    (?:async )?\*?(\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex(@"^    def (\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Call();
}
