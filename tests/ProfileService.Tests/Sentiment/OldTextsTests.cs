using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ProfileService.Sentiment;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Sentiment;

/// <summary>Texts that go out of windows through the service, and profiles that stay what they were.</summary>
public sealed class OldTextsTests : IDisposable
{
    private const int Histories = 12;

    private static readonly Gen<WindowEvent> AnyEvent =
        from second in Gen.Choose(0, 10_000)
        from item in Gen.Choose(1, 6)
        from kind in Gen.Frequency((3, Gen.Constant("review")), (1, Gen.Constant("rating")), (1, Gen.Constant("search")), (2, Gen.Elements("view", "purchase")))
        from category in Gen.Elements("yoga", "coffee", "laptops")
        from value in Gen.Frequency((3, Gen.Constant<double?>(null)), (1, Gen.Elements<double?>(1, 4)))
        from text in Gen.Elements(
            null, "", "This is terrible. I hate it.", "Absolutely wonderful, I love it!", "it is okay", "what time do you open?", "1234567", "不好", "👍")
        select Event(second, item: $"{category}-{item:D3}", kind: kind, category: category, value: value, text: text);

    private readonly TestService _service =
        TestService.WithoutWorker(("Model:Package", Repository.PartsPackage), ("Windows:TextTtl", "01:00:00"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private OldTexts Texts => _service.Services.GetRequiredService<OldTexts>();

    public void Dispose() => _service.Dispose();

    [Fact]
    public void ProfileExplanationAndRecommendationsAreWhatTheyWereWithTheTexts()
    {
        var drawn = 0;
        Prop.ForAll(AnyEvent.ArrayOf(25).ToArbitrary(), events => CompareAsync($"drawn-{drawn++}", events).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Histories));
    }

    [Fact]
    public async Task WindowAndExportShowThatATextWasRemoved()
    {
        await _service.AcceptAsync(Event(0, kind: "review", text: "I love it"), Event(1));
        Assert.Equal(1, await Texts.RemoveAsync(Token));
        Assert.Equal(0, await Texts.RemoveAsync(Token));
        var events = (await _service.GetAsync("/v1/users/u1/window")).Json.GetProperty("events");
        Assert.True(events[0].GetProperty("textRemoved").GetBoolean());
        Assert.False(events[0].TryGetProperty("text", out _));
        Assert.False(events[1].TryGetProperty("textRemoved", out _));
        var export = Encoding.UTF8.GetString((await _service.GetAsync("/v1/users/u1/export")).Body);
        Assert.Contains("\"textRemoved\":true", export, StringComparison.Ordinal);
        Assert.DoesNotContain("I love it", export, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutASentimentPackageTheTextGoesAndNoScoreStays()
    {
        using var deaf = TestService.WithoutWorker(("Model:SentimentPackage", ""), ("Windows:TextTtl", "01:00:00"));
        await deaf.AcceptAsync(Event(0, kind: "review", text: "I love it"));
        Assert.Equal(1, await deaf.Services.GetRequiredService<OldTexts>().RemoveAsync(Token));
        var e = Assert.Single((await deaf.Services.GetRequiredService<IWindowStore>().FindAsync("u1", Token))!.Window.Events);
        Assert.Equal((null, new RemovedText(null)), (e.Text, e.Removed));
    }

    [Fact]
    public async Task SearchedTextLeavesNoScore()
    {
        await _service.AcceptAsync(Event(0, kind: "search", text: "wonderful shoes"), Event(1, kind: "review", text: "wonderful shoes"));
        await Texts.RemoveAsync(Token);
        var events = (await _service.Services.GetRequiredService<IWindowStore>().FindAsync("u1", Token))!.Window.Events;
        Assert.Equal((null, true), (events[0].Removed!.Value.Score, events[1].Removed!.Value.Score > 0));
    }

    [Fact]
    public async Task ByDefaultTextsStay()
    {
        using var service = TestService.WithoutWorker();
        await service.AcceptAsync(Event(0, kind: "review", text: "I love it"));
        Assert.Equal(0, await service.Services.GetRequiredService<OldTexts>().RemoveAsync(Token));
        Assert.Contains("I love it", Encoding.UTF8.GetString((await service.GetAsync("/v1/users/u1/window")).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TextsThatWereRemovedBeforeAFailureAreInNoFile()
    {
        foreach (var user in (string[])["u1", "u2"])
            await _service.AcceptAsync(Event(0, user, kind: "review", text: "I love it"));
        var (asked, options) = (0, _service.Services.GetRequiredService<IOptions<WindowOptions>>());
        var texts = new OldTexts(
            _service.Services.GetRequiredService<IWindowEraser>(), _service.Services.GetRequiredService<IWindowStore>(), options, TimeProvider.System,
            () => asked++ < 2 ? _service.Services.GetRequiredService<SentimentScorer>() : throw new InvalidOperationException("broken off"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => texts.RemoveAsync(Token)); // at u2: a window is scored before its write and within it
        Assert.Equal(0, new FileInfo(Path.Combine(_service.DataFolder, "windows.db-wal")).Length);
    }

    [Fact]
    public void WorkerRunsWhereProfilesAreRefreshed() =>
        Assert.Contains(_service.Services.GetServices<IHostedService>(), service => service is OldTextWorker);

    /// <summary>Two users with the same events; the texts of one go before its profile is computed.</summary>
    private async Task CompareAsync(string name, WindowEvent[] events)
    {
        // The ids are given: those that are derived from the user's id would order events of one time differently.
        var (with, without) = ($"{name}-with", $"{name}-without");
        foreach (var user in (string[])[with, without])
            await _service.PostAsync("/v1/events", $"[{string.Join(',', events.Select((e, i) => (e with { UserId = user, GivenId = $"e{i}" }).Json()))}]");
        await _service.Services.GetRequiredService<IWindowStore>().RemoveTextsAsync(without, Texts.Removal!, Token);
        foreach (var path in (string[])["profile?fresh=true&include=vector,dimensions", "explanation", "recommendations?count=20"])
        {
            var (expected, actual) = (await _service.GetAsync($"/v1/users/{with}/{path}"), await _service.GetAsync($"/v1/users/{without}/{path}"));
            Assert.Equal(200, expected.Status);
            Assert.Equal(Comparable(expected.Json), Comparable(actual.Json));
        }
    }

    /// <summary>Without what differs between two users, or by when it was computed.</summary>
    private static string Comparable(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', json.EnumerateObject()
            .Where(p => p.Name is not ("userId" or "revision" or "computedAt" or "ageSeconds" or "recencyDays" or "recommendationId" or "after"))
            .Select(p => $"{p.Name}:{Comparable(p.Value)}")) + "}",
        JsonValueKind.Array => $"[{string.Join(',', json.EnumerateArray().Select(Comparable))}]",
        _ => json.GetRawText(),
    };
}
