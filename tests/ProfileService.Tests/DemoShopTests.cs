using System.Text;
using System.Text.Json;
using ProfileService.Windows;

namespace ProfileService.Tests;

/// <summary>What the demo is to show, on the service as <c>./run</c> starts it: the demo's package, catalogue, attributes and events.</summary>
public sealed class DemoShopTests : IDisposable
{
    private const int Recommended = 20;

    private readonly TestService _service = new(("Model:Package", Repository.Path("models/demo/3")));

    [Fact]
    public async Task StrongestInterestIsATrueOneForNineUsersOfTen()
    {
        var events = Lines("events.ndjson");
        await FillAsync(events);
        var asked = events.CountBy(UserOf).Where(u => u.Value >= 10).Select(u => u.Key).ToHashSet();
        Assert.True(asked.Count > 300);

        // The truth is told in the most specific categories; an item of one has the wider one that it lies in, too.
        var all = Lines("users.ndjson");
        var specific = all.SelectMany(u => u.GetProperty("interests").EnumerateArray()).Select(i => i.GetString()).ToHashSet();
        var users = all.Where(u => asked.Contains(UserOf(u))).ToDictionary(UserOf, u => u.GetProperty("interests").EnumerateArray().Select(i => i.GetString()).ToList());
        var profiles = await _service.PostAsync("/v1/profiles/lookup", JsonSerializer.Serialize(new { userIds = asked }));
        var right = profiles.Json.GetProperty("profiles").EnumerateArray().Count(p =>
            users[UserOf(p)].Contains(p.GetProperty("dimensions").GetProperty("interests").EnumerateArray().Select(i => i.GetProperty("category").GetString()).First(specific.Contains)));
        Assert.True(right >= 0.9 * asked.Count, $"{right} of {asked.Count}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{right} of {asked.Count}");
    }

    /// <summary>Each user's last event is held out, as in training; asked are those to whom its item is new.</summary>
    [Fact]
    public async Task RecommendationsHitHeldOutItemsThreeTimesAsOftenAsPopularity()
    {
        var events = Lines("events.ndjson");
        var last = events.GroupBy(UserOf).ToDictionary(u => u.Key, u => u.Last());
        var known = events.Where(e => last[UserOf(e)].GetRawText() != e.GetRawText()).ToList();
        await FillAsync(known);
        var seen = known.GroupBy(UserOf).ToDictionary(u => u.Key, u => u.TakeLast(new WindowOptions().MaxEvents).Select(ItemOf).ToHashSet());
        var popular = known.CountBy(ItemOf).OrderByDescending(i => i.Value).ThenBy(i => i.Key, StringComparer.Ordinal).Select(i => i.Key).ToList();

        var (hits, popularHits, asked) = (0, 0, 0);
        foreach (var (user, heldOut) in last.Where(u => seen.TryGetValue(u.Key, out var items) && !items.Contains(ItemOf(u.Value))))
        {
            asked++;
            var found = (await _service.GetAsync($"/v1/users/{user}/recommendations?count={Recommended}")).Json.GetProperty("items").EnumerateArray().Select(ItemOf).ToList();
            Assert.Equal(Recommended, found.Count);
            Assert.DoesNotContain(found, seen[user].Contains);
            hits += found.Contains(ItemOf(heldOut)) ? 1 : 0;
            popularHits += popular.Where(i => !seen[user].Contains(i)).Take(Recommended).Contains(ItemOf(heldOut)) ? 1 : 0;
        }

        Assert.True(asked > 50, $"{asked} asked");
        Assert.True(hits >= 3 * Math.Max(popularHits, 1), $"{hits} hits to {popularHits} of popularity, {asked} asked");
        TestContext.Current.TestOutputHelper?.WriteLine($"{hits} hits to {popularHits} of popularity, {asked} asked");
    }

    /// <summary>The package has a vector of nobody in particular, so that whoever it knows nothing of is recommended the same items.</summary>
    [Fact]
    public async Task UsersOfWhomNothingIsKnownAreRecommendedTheSameItems()
    {
        await _service.PutAsync("/v1/users/ada/attributes", """{"shoe-size":41}""");
        await _service.PutAsync("/v1/users/ben/attributes", """{"gender":"not in the vocabulary"}""");
        var profile = (await _service.FreshAsync("ada")).Json;
        Assert.Equal(0, profile.GetProperty("evidence").GetDouble());
        Assert.Equal(1, profile.GetProperty("vector").EnumerateArray().Sum(x => x.GetDouble() * x.GetDouble()), 5);
        await _service.FreshAsync("ben");
        var items = (await _service.GetAsync("/v1/users/ada/recommendations")).Json.GetProperty("items");
        Assert.Equal(Recommended, items.GetArrayLength());
        Assert.Equal(items.GetRawText(), (await _service.GetAsync("/v1/users/ben/recommendations")).Json.GetProperty("items").GetRawText());
    }

    public void Dispose() => _service.Dispose();

    private async Task FillAsync(IReadOnlyList<JsonElement> events)
    {
        Assert.Equal(200, (await _service.PostAsync("/v1/items", File.ReadAllBytes(Repository.Path("demo/items.ndjson")), "application/x-ndjson")).Status);
        Assert.Equal(200, (await _service.PostAsync("/v1/attributes", $"[{string.Join(',', Lines("users.ndjson").Select(AttributesOf))}]")).Status);
        var reply = await _service.PostAsync("/v1/events", Encoding.UTF8.GetBytes(string.Join('\n', events.Select(e => e.GetRawText()))), "application/x-ndjson");
        Assert.Equal(events.Count, reply.Json.GetProperty("accepted").GetInt32() + reply.Json.GetProperty("duplicates").GetInt32());
        await _service.Client.NobodyIsDueAsync();
    }

    private static List<JsonElement> Lines(string name) => [.. File.ReadLines(Repository.Path($"demo/{name}")).Select(l => JsonElement.Parse(l))];

    // The file also has the hidden truth of a user, which is nothing that the service takes.
    private static string AttributesOf(JsonElement line) => $"{{\"userId\":{line.GetProperty("userId").GetRawText()},\"attributes\":{line.GetProperty("attributes").GetRawText()}}}";

    private static string UserOf(JsonElement line) => line.GetProperty("userId").GetString()!;

    private static string ItemOf(JsonElement line) => line.GetProperty("itemId").GetString()!;
}
