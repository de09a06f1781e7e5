using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Attribution;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Attribution;

/// <summary>Ids from answers to events, and what the status tells of them.</summary>
public sealed class RecommendationOutcomeTests : IAsyncLifetime
{
    private TestService _service = new();

    public async ValueTask InitializeAsync() => await _service.AcceptAsync(Event(1, item: "yoga-003"));

    [Fact]
    public async Task ShownClickedAndBoughtAreCountedByModel()
    {
        Assert.Empty(await OutcomesAsync());
        var id = await RecommendAsync("?count=7");
        Assert.Equal([("tiny/1", 7, 0, 0)], await OutcomesAsync());
        await PostAsync(id, Event(2), Event(3, kind: "click"), Event(4, kind: "cart"), Event(5, kind: "purchase"));
        Assert.Equal([("tiny/1", 7, 2, 1)], await OutcomesAsync());
        await RecommendAsync("?count=3");
        Assert.Equal([("tiny/1", 10, 2, 1)], await OutcomesAsync());
    }

    [Fact]
    public async Task BothWaysToAskGiveAnId()
    {
        var reply = await _service.PostAsync("/v1/users/u1/recommendations", """{"count":2}""");
        Assert.NotEqual(IdOf(reply), await RecommendAsync("?count=2"));
        Assert.Equal([("tiny/1", 4, 0, 0)], await OutcomesAsync());
    }

    [Fact]
    public async Task AnswerWithoutItemsHasNoId()
    {
        var reply = await _service.PostAsync("/v1/users/nobody/recommendations", """{"fallback":"popular"}""");
        Assert.Equal((200, false), (reply.Status, reply.Json.TryGetProperty("recommendationId", out _)));
        Assert.Empty(await OutcomesAsync());
    }

    [Fact]
    public async Task EventThatComesTwiceCountsOnce()
    {
        var id = await RecommendAsync("?count=1");
        await PostAsync(id, Event(2, id: "e-2"));
        var again = await PostAsync(id, Event(2, id: "e-2"), Event(2, id: "e-2"));
        Assert.Equal(2, again.GetProperty("duplicates").GetInt32());
        Assert.Equal([("tiny/1", 1, 1, 0)], await OutcomesAsync());
    }

    [Fact]
    public async Task EventThatIsTooOldForItsWindowIsNotCounted()
    {
        var id = await RecommendAsync("?count=1");
        Assert.Equal(1, (await PostAsync(id, Event(-91 * 86_400))).GetProperty("late").GetInt32());
        Assert.Equal([("tiny/1", 1, 0, 0)], await OutcomesAsync());
    }

    [Fact]
    public async Task AliasedEventCountsToo()
    {
        Assert.Equal(200, (await _service.PostAsync("/v1/users/u1/merge", """{"from":"visitor"}""")).Status);
        await PostAsync(await RecommendAsync("?count=1"), Event(2, "visitor"));
        Assert.Equal([("tiny/1", 1, 1, 0)], await OutcomesAsync());
    }

    [Theory]
    [InlineData("made-up")]
    [InlineData("")]
    public async Task MadeUpIdIsPassedOverAndTheEventIsTaken(string id)
    {
        var reply = await PostAsync(id, Event(2));
        Assert.Equal(1, reply.GetProperty("accepted").GetInt32());
        Assert.Equal("recommendationId", Assert.Single(reply.GetProperty("unknownFields").EnumerateArray()).GetString());
        Assert.Empty(await OutcomesAsync());
        Assert.Equal(2, (await _service.GetAsync("/v1/users/u1/window")).Json.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task MadeUpIdIsRefusedWhereUnknownFieldsAre()
    {
        using var strict = new TestService(("Events:UnknownFields", "Reject"));
        var problem = (await strict.PostAsync("/v1/events", With("made-up", Event(2)))).Problem(400);
        Assert.Equal("unknown_recommendation", problem.GetProperty("code").GetString());
        Assert.Equal("recommendationId", problem.GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("5", "wrong_type")]
    [InlineData("201 characters", "text_too_long")]
    public async Task IdOfAnotherFormIsRefused(string id, string code)
    {
        var json = id == "5" ? "5" : $"\"{new string('x', 201)}\"";
        var problem = (await _service.PostAsync("/v1/events", $"{Event(2).Json()[..^1]},\"recommendationId\":{json}}}")).Problem(400);
        Assert.Equal((code, "recommendationId"), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task IdThatIsNullIsAsGoodAsLeftOut()
    {
        var reply = await _service.PostAsync("/v1/events", $"{Event(2).Json()[..^1]},\"recommendationId\":null}}");
        Assert.Equal((1, false), (reply.Json.GetProperty("accepted").GetInt32(), reply.Json.TryGetProperty("unknownFields", out _)));
    }

    [Fact]
    public async Task EventCountsForTheModelThatRecommendedAlthoughItIsGone()
    {
        await PostAsync(_service.Services.GetRequiredService<RecommendationIds>().Make("former/9"), Event(2));
        Assert.Equal([("former/9", 0, 1, 0)], await OutcomesAsync());
    }

    [Fact]
    public async Task IdFromBeforeThirtyDaysIsTakenAndNotCounted()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var service = TestService.With((TimeProvider)time);
        var ids = service.Services.GetRequiredService<RecommendationIds>();
        var (first, second) = (ids.Make("demo/3"), "");
        time.Advance(TimeSpan.FromDays(1));
        second = ids.Make("demo/3");
        time.Advance(TimeSpan.FromDays(29));
        var reply = await service.PostAsync("/v1/events", $"[{With(first, Event(2))},{With(second, Event(3))}]");
        Assert.Equal((2, false), (reply.Json.GetProperty("accepted").GetInt32(), reply.Json.TryGetProperty("unknownFields", out _)));
        Assert.Equal([("demo/3", 0, 1, 0)], await OutcomesAsync(service));
    }

    [Fact]
    public async Task RestartKeepsCountsAndIds()
    {
        var id = await RecommendAsync("?count=4");
        await PostAsync(id, Event(2)); // nobody asks for the status: the stop stores it
        _service = _service.Restart();
        Assert.Equal([("tiny/1", 4, 1, 0)], await OutcomesAsync());
        await PostAsync(id, Event(3, kind: "purchase"));
        Assert.Equal([("tiny/1", 4, 1, 1)], await OutcomesAsync());
    }

    [Fact]
    public async Task WhileTheStoreIsLockedTheStatusLacksTheCountsAndNoneIsLost()
    {
        await RecommendAsync("?count=4");
        using (_service.LockWindows())
        {
            await RecommendAsync("?count=2");
            var status = await _service.GetAsync("/v1/status");
            Assert.Equal((200, false), (status.Status, status.Json.TryGetProperty("recommendations", out _)));
        }

        Assert.Equal([("tiny/1", 6, 0, 0)], await OutcomesAsync());
    }

    [Fact]
    public async Task WindowDoesNotHaveTheId()
    {
        await PostAsync(await RecommendAsync("?count=1"), Event(2));
        var window = (await _service.GetAsync("/v1/users/u1/window")).Json.GetRawText();
        Assert.DoesNotContain("recommendation", window, StringComparison.OrdinalIgnoreCase);
    }

    public ValueTask DisposeAsync()
    {
        _service.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> RecommendAsync(string query) => IdOf(await _service.GetAsync($"/v1/users/u1/recommendations{query}"));

    private async Task<JsonElement> PostAsync(string id, params WindowEvent[] events)
    {
        var reply = await _service.PostAsync("/v1/events", $"[{string.Join(',', events.Select(e => With(id, e)))}]");
        Assert.Equal(202, reply.Status);
        return reply.Json;
    }

    private Task<IEnumerable<(string, long, long, long)>> OutcomesAsync() => OutcomesAsync(_service);

    internal static async Task<IEnumerable<(string, long, long, long)>> OutcomesAsync(TestService service) =>
        (await service.StatusWithAsync("recommendations")).GetProperty("recommendations").EnumerateArray().Select(o => (
            o.GetProperty("model").GetString()!,
            o.GetProperty("shown").GetInt64(),
            o.GetProperty("clicked").GetInt64(),
            o.GetProperty("bought").GetInt64()));

    internal static string IdOf(Reply reply) => reply.Json.GetProperty("recommendationId").GetString()!;

    internal static string With(string id, WindowEvent e) => $"{e.Json()[..^1]},\"recommendationId\":\"{id}\"}}";
}
