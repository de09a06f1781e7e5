using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>
/// What an explanation says of leaving one out is what the service makes of another user who never had it: the same events and attributes
/// but that one, posted and refreshed as any.
/// </summary>
public sealed class LeaveOneOutTests
{
    private const int Drawn = 12;

    private static readonly JsonObject Attributes = new() { ["age"] = 34, ["gender"] = "female", ["region"] = "north" };

    public static TheoryData<string> Packages => [Repository.TinyPackage, Repository.StarterPackage, Repository.Path("models/demo/3")];

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task OfUsersOfTheDemoTheEventsShownAreThoseThatChangeMost(string package)
    {
        // Windows hold all that is posted: what was dropped cannot come in for what is left out.
        using var service = TestService.WithoutWorker(("Model:Package", package), ("Windows:MaxEvents", "1000"), ("Windows:MaxAge", "3650.00:00:00"));
        var attributes = File.ReadLines(Repository.Path("demo/users.ndjson")).Select(line => JsonNode.Parse(line)!)
            .ToDictionary(user => (string)user["userId"]!, user => user["attributes"]!.AsObject());
        var users = File.ReadLines(Repository.Path("demo/events.ndjson")).Select(EventOf).GroupBy(e => e.UserId).ToArray();
        new Random(20261127).Shuffle(users);
        foreach (var user in users.Take(Drawn))
            await IsTrueOfAsync(service, [.. user.OrderBy(e => e.Timestamp).Select((e, i) => e with { GivenId = Id(i) })], attributes[user.Key]);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task OfOneEvent(string package)
    {
        using var service = TestService.WithoutWorker(("Model:Package", package));
        await IsTrueOfAsync(service, [Event(1, item: "yoga-001", id: "a")], Attributes);
        await IsTrueOfAsync(service, [Event(1, item: "yoga-001", id: "a")], []);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task OfAttributesAlone(string package)
    {
        using var service = TestService.WithoutWorker(("Model:Package", package));
        await IsTrueOfAsync(service, [], Attributes);
        await IsTrueOfAsync(service, [], new() { ["age"] = 34, ["nobody-reads-this"] = true });
        var explanation = await ExplainAsync(service, "user-1");
        Assert.Empty(explanation.GetProperty("withoutEvent").EnumerateArray());
        Assert.Equal(["age"], explanation.GetProperty("withoutAttribute").EnumerateArray().Select(a => a.GetProperty("name").GetString()));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task OfAnEventThatComesAgainAndAgain(string package)
    {
        using var service = TestService.WithoutWorker(("Model:Package", package));
        await IsTrueOfAsync(service, Many(9, i => Event(60 * i, item: "yoga-001", category: "yoga")), Attributes);
        await IsTrueOfAsync(service, Many(9, i => Event(60 * i, item: i % 2 == 0 ? "yoga-001" : "baking-002")), []);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task OfEventsOfTheSameTime(string package)
    {
        using var service = TestService.WithoutWorker(("Model:Package", package));
        await IsTrueOfAsync(service, Many(8, i => Event(5, item: $"yoga-00{1 + (i % 3)}", kind: i == 4 ? "purchase" : "view", value: i)), Attributes);
        await IsTrueOfAsync(service, Many(8, _ => Event(5, item: "yoga-001")), []);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task OfAWindowThatIsLongerThanTheModelReads(string package)
    {
        using var service = TestService.WithoutWorker(("Model:Package", package), ("Windows:MaxEvents", "200"));
        var events = Many(130, i => Event(60 * i * i, item: $"{(i % 7 < 3 ? "yoga" : "baking")}-00{1 + (i % 5)}", value: i, text: "It fits."));
        await IsTrueOfAsync(service, events, Attributes);
    }

    [Fact]
    public async Task ZerosAreAtARightAngleToAnyOtherVector()
    {
        using var service = TestService.WithoutWorker(("Model:Package", Repository.StarterPackage));
        await IsTrueOfAsync(service, [Event(1, item: "yoga-001", id: "a")], []);
        Assert.All((await service.GetAsync("/v1/users/user-0-0/profile")).Floats64("vector"), x => Assert.Equal(0, x));
        Assert.Equal(1, (await ExplainAsync(service, "user-0")).GetProperty("events")[0].GetProperty("change").GetDouble());
    }

    [Fact]
    public async Task ProfileHasTheSameExplanation()
    {
        using var service = TestService.WithoutWorker(("Model:Package", Repository.Path("models/demo/3")));
        await service.AcceptAsync([.. Many(7, i => Event(60 * i, item: $"yoga-00{1 + i}"))]);
        var profile = (await service.GetAsync("/v1/users/u1/profile?fresh=true&include=explanation")).Json;
        Assert.Equal((await ExplainAsync(service, "u1")).GetRawText(), profile.GetProperty("explanation").GetRawText());
    }

    private int _users;

    private async Task IsTrueOfAsync(TestService service, IReadOnlyList<WindowEvent> events, JsonObject attributes)
    {
        var user = $"user-{_users++}";
        var names = attributes.Select(a => a.Key).ToList();
        var twins = new TwinUsers(service);
        twins.Add(user, events, attributes);
        for (var i = 0; i < events.Count; i++)
            twins.Add($"{user}-{i}", events.Where((_, other) => other != i), attributes);
        foreach (var name in names)
            twins.Add($"{user}-{name}", events, Without(attributes, name));
        await twins.StoreAsync();
        var changes = new List<double>();
        foreach (var twin in events.Select((_, i) => $"{i}").Concat(names))
            changes.Add(await twins.ChangeAsync(user, $"{user}-{twin}"));

        var explanation = await ExplainAsync(service, user);
        var read = ChangesOfEvents(explanation, changes.Take(events.Count));
        ShownAreTheGreatest(explanation.GetProperty("withoutEvent"), "eventId", events.Select(e => e.GivenId!).Zip(changes).TakeLast(read).Reverse(), 5);
        var ofAttributes = names.Zip(changes.Skip(events.Count)).Where(a => a.First != "nobody-reads-this");
        ShownAreTheGreatest(explanation.GetProperty("withoutAttribute"), "name", ofAttributes, attributes.Count);
    }

    /// <summary>Asserts the change of each event that the model reads; returns how many it reads.</summary>
    private static int ChangesOfEvents(JsonElement explanation, IEnumerable<double> expected)
    {
        var events = explanation.GetProperty("events").EnumerateArray().ToList();
        var read = events.Count(e => e.TryGetProperty("change", out _));
        Assert.Equal(Math.Min(events.Count, 100), read);
        Assert.All(events.SkipLast(read), e => Assert.False(e.TryGetProperty("change", out _)));
        foreach (var (e, change) in events.Zip(expected).TakeLast(read))
            Assert.Equal(change, e.GetProperty("change").GetDouble(), 1e-4);
        return read;
    }

    /// <summary>Asserts that those of the greatest changes are shown, and in their order.</summary>
    /// <param name="expected">Of equal changes the one to be shown first stands first.</param>
    private static void ShownAreTheGreatest(JsonElement shown, string key, IEnumerable<(string Name, double Change)> expected, int most)
    {
        var (changes, all) = (shown.EnumerateArray().Select(s => s.GetProperty("change").GetDouble()).ToList(), expected.ToList());
        var names = shown.EnumerateArray().Select(s => s.GetProperty(key).GetString()!).ToList();
        Assert.Equal(Math.Min(most, all.Count), names.Distinct().Count());
        Assert.Equal(changes.OrderDescending(), changes);
        foreach (var ((_, greatest), (name, change)) in all.OrderByDescending(e => e.Change).Zip(names.Zip(changes)))
        {
            Assert.Equal(greatest, change, 1e-4);
            Assert.Equal(greatest, all.Single(e => e.Name == name).Change, 1e-4);
        }

        var order = names.Select(name => all.FindIndex(e => e.Name == name)).ToList();
        Assert.All(changes.Zip(changes.Skip(1)).Index(), pair => Assert.True(pair.Item.First > pair.Item.Second || order[pair.Index] < order[pair.Index + 1] || key == "name"));
    }

    private static async Task<JsonElement> ExplainAsync(TestService service, string user)
    {
        var reply = await service.GetAsync($"/v1/users/{user}/explanation");
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }

    private static List<WindowEvent> Many(int count, Func<int, WindowEvent> create) =>
        [.. Enumerable.Range(0, count).Select(i => create(i) with { GivenId = Id(i) })];

    private static string Id(int i) => i.ToString("D4", CultureInfo.InvariantCulture); // events of the same time lie in the order of their ids

    private static JsonObject Without(JsonObject attributes, string name)
    {
        var rest = attributes.DeepClone().AsObject();
        rest.Remove(name);
        return rest;
    }

    private static WindowEvent EventOf(string line)
    {
        var e = JsonElement.Parse(line);
        var at = (e.GetProperty("timestamp").GetDateTimeOffset() - Start).TotalSeconds;
        return Event(
            at, e.GetProperty("userId").GetString()!, e.GetProperty("itemId").GetString()!, e.GetProperty("kind").GetString()!,
            category: e.TryGetProperty("categories", out var categories) ? categories[0].GetString() : null,
            value: e.TryGetProperty("value", out var value) ? value.GetDouble() : null);
    }
}
