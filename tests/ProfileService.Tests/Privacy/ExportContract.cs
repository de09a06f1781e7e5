using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Audit;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Privacy.Export;
using ProfileService.Refresh;
using ProfileService.Windows;

namespace ProfileService.Tests.Privacy;

/// <summary>
/// What an export must have on every store. Proved by the search that erasures are proved by: for the id, its hash and the texts.
/// </summary>
public abstract partial class ExportContract : ServiceToEraseFrom
{
    private protected static readonly Type[] Workers = [typeof(RefreshWorker), typeof(ErasureWorker)];

    private protected abstract IReadOnlyList<string> ExpectedPlaces { get; }

    [Fact]
    public async Task WhateverAStoreHasOfTheUserIsInTheExport()
    {
        var texts = await FillEveryPlaceAsync();
        var found = await FindPlacesAsync();
        Assert.Equal(ExpectedPlaces.Order(), found.Keys.Order());
        var sections = await SectionsAsync();
        Assert.Equal([], UncoveredOf(found, sections));
        foreach (var (place, rows) in found.Where(place => !place.Key.StartsWith('{')))
            Assert.Contains((place, rows), sections.Where(s => s.Places.Contains(place)).Select(s => (place, s.Count)));
        var reply = await Service.GetAsync($"/v1/users/{Canary}/export");
        Assert.Equal((200, "application/x-ndjson"), (reply.Status, reply.ContentType));
        var export = Encoding.UTF8.GetString(reply.Body);
        Assert.All(texts, text => Assert.Contains(text, export, StringComparison.Ordinal));
        Assert.Contains(HashOf(Canary), export, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody-else", export, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhateverAStoreHasOfAnAliasIsInTheExport()
    {
        await FillAsync(Canary);
        await MergeVisitorAsync();
        var (found, sections) = (await FindPlacesAsync(), await SectionsAsync());
        Assert.Equal(1, found["user_aliases"]);
        Assert.Equal([], UncoveredOf(found, sections));
    }

    [Fact]
    public async Task PlaceThatNoSectionCoversIsFound()
    {
        await FillEveryPlaceAsync();
        await AddTableAsync($"CREATE TABLE forgotten (who text); INSERT INTO forgotten VALUES ('{Canary}')");
        await AddTableAsync($"CREATE TABLE forgotten_too (who text); INSERT INTO forgotten_too VALUES ('{HashOf(Canary)}')");
        Assert.Equal(["forgotten", "forgotten_too"], UncoveredOf(await FindPlacesAsync(), await SectionsAsync()));
    }

    [Fact]
    public async Task ContentsCountTheLinesThatFollowAndTheLastOneSaysThatItIsWhole()
    {
        await FillEveryPlaceAsync();
        var lines = await ExportAsync(Canary);
        Assert.Equal(Canary, lines[0].GetProperty("userId").GetString());
        var counts = lines[0].GetProperty("contents").EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetInt64());
        var written = lines[1..^1].CountBy(SectionOf).ToDictionary(c => c.Key, c => (long)c.Value);
        Assert.Equal(counts.Where(c => c.Value > 0).OrderBy(c => c.Key), written.OrderBy(c => c.Key));
        Assert.Equal(("end", (long)lines.Length - 2), (SectionOf(lines[^1]), lines[^1].GetProperty("lines").GetInt64()));
        Assert.All(lines[1..], line => Assert.Equal("section", line.EnumerateObject().First().Name));
    }

    [Fact]
    public async Task DocumentNamesEachSection()
    {
        var text = await File.ReadAllTextAsync(Repository.Path("docs/privacy.md"), Token);
        var begin = text.IndexOf("| section |", StringComparison.Ordinal);
        var end = text.IndexOf("The process opens", StringComparison.Ordinal);
        Assert.Equal((await SectionsAsync()).Select(s => s.Name), SectionRow().Matches(text[begin..end]).Select(row => row.Groups[1].Value));
    }

    [Fact]
    public async Task LinesHaveWhatTheRoutesHave()
    {
        await FillAsync(Canary);
        var lines = await ExportAsync(Canary);
        var (profile, stored) = ((await Service.FreshAsync(Canary)).Json, lines[1..].Single(line => SectionOf(line) == "profiles"));
        foreach (var name in (string[])["vector", "dimension", "model", "revision", "eventCount", "dimensions"])
            Assert.Equal(profile.GetProperty(name).GetRawText(), stored.GetProperty(name).GetRawText());
        var window = (await Service.GetAsync($"/v1/users/{Canary}/window")).Json;
        Assert.Equal(window.GetProperty("digest").GetString(), LineOf("window").GetProperty("digest").GetString());
        Assert.Equal(
            window.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("eventId").GetString()),
            lines[1..].Where(line => SectionOf(line) == "events").Select(line => line.GetProperty("eventId").GetString()));
        Assert.Equal(34, LineOf("attributes").GetProperty("attributes").GetProperty("age").GetInt32());

        JsonElement LineOf(string section) => lines[1..].Single(line => SectionOf(line) == section);
    }

    [Fact]
    public async Task UserOfWhomNothingIsKnownHasAnExportThatSaysSo()
    {
        var lines = await ExportAsync("nobody");
        Assert.Equal(2, lines.Length);
        Assert.All(lines[0].GetProperty("contents").EnumerateObject(), section => Assert.Equal(0, section.Value.GetInt32()));
        Assert.Equal(0, lines[1].GetProperty("lines").GetInt32());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("100%")]
    [InlineData("ü\"'😀")]
    public async Task AnyIdIsExportedByABody(string user)
    {
        await Service.AcceptAsync(EventAt(-1, user));
        var lines = LinesOf(await Service.PostAsync("/v1/exports", JsonSerializer.Serialize(new { userId = user })));
        Assert.Equal((user, 1), (lines[0].GetProperty("userId").GetString(), lines[1..].Count(line => SectionOf(line) == "events")));
        Assert.Equal(lines.Length, (await ExportAsync(user)).Length);
    }

    [Theory]
    [InlineData("{}", "missing_field")]
    [InlineData("""{ "userId": 7 }""", "wrong_type")]
    [InlineData("""{ "userId": "" }""", "invalid_length")]
    [InlineData("""{ "userId": "a", "all": true }""", "unknown_parameter")]
    public async Task WrongRequestsAreRefusedAndSayWhy(string body, string code) =>
        Assert.Equal(code, (await Service.PostAsync("/v1/exports", body)).Problem(400).GetProperty("code").GetString());

    [Fact]
    public async Task ExportsBeyondThoseThatMayBeOpenAreRefusedForNow()
    {
        var exports = Service.Services.GetRequiredService<UserExport>();
        var open = await Task.WhenAll(Enumerable.Range(0, UserExport.MaxAtOnce).Select(_ => exports.OpenAsync(Canary, Token)));
        Assert.Equal("overloaded", (await Service.GetAsync($"/v1/users/{Canary}/export")).Problem(503).GetProperty("code").GetString());
        await open[0].DisposeAsync();
        Assert.Equal(200, (await Service.GetAsync($"/v1/users/{Canary}/export")).Status);
        foreach (var export in open[1..])
            await export.DisposeAsync();
    }

    /// <summary>
    /// The places in which the id, its hash or a text is, by the names that sections have for them, with the number of rows.
    /// </summary>
    private protected abstract Task<IReadOnlyDictionary<string, long>> FindPlacesAsync();

    private protected abstract Task AddTableAsync(string sql);

    private protected async Task<JsonElement[]> ExportAsync(string user) =>
        LinesOf(await Service.GetAsync($"/v1/users/{Uri.EscapeDataString(user)}/export"));

    private protected static JsonElement[] LinesOf(Reply reply)
    {
        Assert.Equal(200, reply.Status);
        var lines = Encoding.UTF8.GetString(reply.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonElement.Parse(line))];
    }

    private protected static string SectionOf(JsonElement line) => line.GetProperty("section").GetString()!;

    private protected string HashOf(string user) => Service.Services.GetRequiredService<UserHash>().Of(user);

    /// <summary>A user who was erased, came back, is being computed, changed meanwhile, and is to be erased again.</summary>
    private async Task<IReadOnlyList<string>> FillEveryPlaceAsync()
    {
        await FillAsync("somebody-else");
        await FillAsync(Canary);
        await EraseNowAsync();
        var log = ActivatorUtilities.CreateInstance<AuditStore>(Service.Services);
        await log.AppendAsync([UseOf(Canary, "a"), UseOf(Canary, "b"), UseOf(Canary, "c"), UseOf("somebody-else", "a")], Token);
        string[] texts = [$"first text of {Canary}", $"second text of {Canary}", $"name of {Canary}"];
        await Service.AcceptAsync(EventAt(.1, Canary) with { Kind = "review", Text = texts[0] });
        Assert.Equal(200, (await Service.PutAsync($"/v1/users/{Canary}/attributes", $$"""{ "age": 34, "name": "{{texts[2]}}" }""")).Status);
        Assert.Equal(200, (await Service.PutAsync($"/v1/users/{Canary}/purposes", """{"profile":true,"explain":true,"similar":true,"train":false}""")).Status);
        Assert.Equal(200, (await Service.FreshAsync(Canary)).Status);
        await Service.AcceptAsync(EventAt(.2, Canary));
        var due = Service.Services.GetRequiredService<IDueQueue>();
        Assert.NotNull(await due.ClaimAsync(Canary, TimeSpan.FromHours(1), Token));
        await Service.AcceptAsync(EventAt(.3, Canary) with { Kind = "review", Text = texts[1] });
        Assert.Equal(202, (await Service.SendAsync(HttpMethod.Delete, $"/v1/users/{Canary}", [])).Status);
        return texts;
    }

    private AuditEntry UseOf(string user, string action) => new(Now.UtcDateTime, "key:a", action, HashOf(user), 200, "t");

    // What the worker does, which these services lack so that what waits stays where it is.
    private async Task EraseNowAsync()
    {
        Assert.Equal(202, (await Service.SendAsync(HttpMethod.Delete, $"/v1/users/{Canary}", [])).Status);
        var pending = await Service.Services.GetRequiredService<Erasures>().ClaimAsync(Token);
        await Service.Services.GetRequiredService<UserEraser>().EraseAsync(pending, Token);
    }

    private static string[] UncoveredOf(IReadOnlyDictionary<string, long> found, IReadOnlyList<ExportSection> sections) =>
        [.. found.Keys.Except(sections.Where(s => s.Count > 0).SelectMany(s => s.Places)).Order()];

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex SectionRow();

    private async Task<IReadOnlyList<ExportSection>> SectionsAsync()
    {
        await using var export = await Service.Services.GetRequiredService<UserExport>().OpenAsync(Canary, Token);
        return export.Sections;
    }
}
