using System.Text.Json;
using System.Text.Json.Nodes;
using ProfileService.Tests.Model;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>What an explanation says of the parts of a vector is what the vectors of users say who never had the event or attribute.</summary>
public sealed class ExplainedSegmentsTests
{
    private static readonly JsonObject Attributes = new() { ["age"] = 34, ["gender"] = "female" };

    private static readonly List<(string Name, int From, int Length)> Parts =
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.PartsPackage, "manifest.json")))!["segments"]!.AsArray()
            .Select(s => ((string)s!["name"]!, (int)s["from"]!, (int)s["length"]!))];

    [Fact]
    public async Task ChangesDivideOverTheSegmentsAsTheVectorsDo()
    {
        using var service = TestService.WithoutWorker(("Model:Package", Repository.PartsPackage));
        var twins = new TwinUsers(service);
        List<WindowEvent> events = [.. Enumerable.Range(0, 9).Select(Nth)];
        twins.Add("whole", events, Attributes);
        foreach (var left in events)
            twins.Add(left.GivenId!, events.Where(e => e != left), Attributes);
        twins.Add("age", events, new() { ["gender"] = "female" });
        await twins.StoreAsync();

        var explanation = (await service.GetAsync("/v1/users/whole/explanation")).Json;
        var whole = await twins.VectorAsync("whole");
        AssertShares(whole, explanation);
        foreach (var e in explanation.GetProperty("events").EnumerateArray())
            AssertShares(Difference(whole, await twins.VectorAsync(e.GetProperty("eventId").GetString()!)), e);
        foreach (var e in explanation.GetProperty("withoutEvent").EnumerateArray())
            AssertShares(Difference(whole, await twins.VectorAsync(e.GetProperty("eventId").GetString()!)), e);
        var age = explanation.GetProperty("withoutAttribute").EnumerateArray().Single(a => a.GetProperty("name").GetString() == "age");
        AssertShares(Difference(whole, await twins.VectorAsync("age")), age);
    }

    [Fact]
    public async Task NewestEventMovesTheFirstPartMoreThanOneOfLongAgo()
    {
        using var service = new TestService(("Model:Package", Repository.PartsPackage));
        await service.AcceptAsync([.. Enumerable.Range(0, 30).Select(Nth)]);
        var events = (await service.GetAsync("/v1/users/u1/explanation")).Json.GetProperty("events").EnumerateArray()
            .Select(e => e.GetProperty("change").GetDouble() * e.GetProperty("segments").GetProperty("now").GetDouble()).ToList();
        Assert.True(events[^1] > events[0], $"{events[^1]} and {events[0]}");
    }

    [Fact]
    public async Task ExplanationsByAPackageThatNamesNoSegmentsHaveNone()
    {
        using var package = new PackageCopy(Repository.PartsPackage);
        package.EditJson("manifest.json", m => m.AsObject().Remove("segments"));
        using var service = new TestService(("Model:Package", package.Path));
        await service.AcceptAsync(Nth(0), Nth(1));
        Assert.DoesNotContain("\"segments\"", (await service.GetAsync("/v1/users/u1/explanation")).Json.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"name":"now","from":0,"length":16},{"name":"rest","from":17,"length":63}]""", "must begin where the one before it ends")]
    [InlineData("""[{"name":"now","from":0,"length":0},{"name":"rest","from":0,"length":80}]""", "at least one number")]
    [InlineData("""[{"name":"now","from":0,"length":81}]""", "must begin")]
    [InlineData("""[{"name":"now","from":0,"length":16}]""", "they have 16 numbers together, the vector 80")]
    [InlineData("""[{"name":"now","from":0,"length":16},{"name":"now","from":16,"length":64}]""", "a name of its own")]
    [InlineData("""[{"from":0,"length":80}]""", "a name of its own")]
    public void SegmentsThatAreNotTheWholeVectorAreRefused(string segments, string reason)
    {
        using var package = new PackageCopy(Repository.PartsPackage);
        package.EditJson("manifest.json", m => m["segments"] = JsonNode.Parse(segments));
        package.AssertRefused("manifest.json", reason);
    }

    private static WindowEvent Nth(int i) => Event(
        7_200 * i, item: $"{(i % 3 == 0 ? "baking" : "yoga")}-00{1 + (i % 5)}", category: i % 3 == 0 ? "baking" : "yoga", value: 10 + i, id: $"e{i:D2}");

    private static double[] Difference(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a - b)];

    private static void AssertShares(double[] vector, JsonElement explained)
    {
        var whole = vector.Sum(x => x * x);
        var shares = explained.GetProperty("segments").EnumerateObject().ToList();
        Assert.Equal(Parts.Select(p => p.Name), shares.Select(s => s.Name));
        Assert.Equal(1, shares.Sum(s => s.Value.GetDouble()), 3e-4);
        foreach (var ((_, from, length), share) in Parts.Zip(shares))
            Assert.Equal(vector.Skip(from).Take(length).Sum(x => x * x) / whole, share.Value.GetDouble(), 2e-3);
    }
}
