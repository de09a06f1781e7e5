using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProfileService.Client;
using ProfileService.Tests.Privacy;

namespace ProfileService.Tests.Client;

/// <summary>The client against the service: events in, profiles out.</summary>
public sealed class ClientTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly TestService _service = new();
    private readonly ProfileServiceClient _client;

    public ClientTests() => _client = new ProfileServiceClient(_service.Client);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SentEventIsInTheProfileAndInTheWindowAsItWas()
    {
        var sent = Event(0) with { EventId = "e1", Timestamp = new DateTimeOffset(2026, 11, 1, 12, 0, 0, 500, TimeSpan.FromHours(2)), Categories = ["schuhe", "größe"], Value = 59.9, Text = "passt 👟 \"gut\"" };
        Assert.Equal(1, (await _client.SendEventAsync(sent, Token)).Accepted);

        var profile = await _client.GetProfileAsync("u1", fresh: true, cancellationToken: Token);
        Assert.Equal(("u1", 1, profile!.Vector!.Length), (profile.UserId, profile.EventCount, profile.Dimension));
        Assert.Equal(1, Norm(profile.Vector), 1e-4);
        Assert.False(profile.Freshness.Stale);
        Assert.Equal(sent.Timestamp, profile.Freshness.EventsThrough);

        var window = await _client.GetWindowAsync("u1", Token);
        Assert.Equal(sent with { Categories = null }, Assert.Single(window!.Events) with { Categories = null });
        Assert.Equal(sent.Categories, window.Events[0].Categories);
        Assert.Equal(64, window.Digest.Length);
    }

    [Fact]
    public async Task VectorReadAsBytesIsTheOneInTheJson()
    {
        await _client.SendEventAsync(Event(0), Token);
        var json = await _client.GetProfileAsync("u1", fresh: true, cancellationToken: Token);
        var vector = await _client.GetVectorAsync("u1", cancellationToken: Token);
        Assert.Equal(json!.Vector, vector!.Vector);
        Assert.Equal((json.Model, json.Revision, json.EventCount, json.ETag), (vector.Info.Model, vector.Info.Revision, vector.Info.EventCount, vector.Info.ETag));
        Assert.Equal((json.Freshness.ComputedAt, json.Freshness.EventsThrough), (vector.Info.Freshness.ComputedAt, vector.Info.Freshness.EventsThrough));

        var target = new float[json.Dimension + 2];
        var info = await _client.GetVectorAsync("u1", target.AsMemory(1), cancellationToken: Token);
        Assert.Equal([0, .. json.Vector!, 0], target);
        Assert.Equal(json.Dimension, info!.Dimension);
    }

    [Fact]
    public async Task MatrixHasTheRowsInTheOrderAskedAndKnowsWhoIsMissing()
    {
        await _client.SendEventsAsync([Event(0, "a"), Event(1, "b", "i2")], Token);
        var (a, b) = ((await _client.GetVectorAsync("a", fresh: true, Token))!.Vector, (await _client.GetVectorAsync("b", fresh: true, Token))!.Vector);

        var matrix = await _client.LookupVectorsAsync(["b", "nobody", "a"], Token);
        Assert.Equal([b, null, a], matrix.ToRows());
        Assert.Equal(["nobody"], matrix.Missing);
        Assert.True(float.IsNaN(matrix.Row(1).Span[^1]));

        var target = new float[3 * matrix.Dimension];
        var view = await _client.LookupVectorsAsync(["a", "nobody", "b"], target, Token);
        Assert.Equal(a, target[..matrix.Dimension]);
        Assert.True(view.IsMissing(1));
        Assert.Equal(b, view.Row(2).ToArray());

        var lookup = await _client.LookupAsync(["b", "nobody", "a"], Token);
        Assert.Equal(["b", "a"], lookup.Profiles.Select(p => p.UserId));
        Assert.Equal(b, lookup.Profiles[0].Vector);
        Assert.Equal(["nobody"], lookup.Missing);
        Assert.Empty((await _client.LookupVectorsAsync([], Token)).ToRows());
    }

    [Fact]
    public async Task TargetThatIsTooSmallIsRefusedBeforeAnythingIsWritten()
    {
        await _client.SendEventAsync(Event(0), Token);
        await _client.GetProfileAsync("u1", fresh: true, cancellationToken: Token);
        var target = new float[3];
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetVectorAsync("u1", target, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.LookupVectorsAsync(["u1"], target, Token));
        Assert.Equal([0, 0, 0], target);
    }

    [Fact]
    public async Task ProfileIsSentAgainOnlyWhereItChanged()
    {
        await _client.SendEventAsync(Event(0), Token);
        var known = await _client.GetProfileAsync("u1", fresh: true, cancellationToken: Token);
        Assert.Equal(new ProfileUpdate(true, null), await _client.GetProfileIfChangedAsync("u1", known!.ETag!, cancellationToken: Token));

        await _client.SendEventAsync(Event(1), Token);
        var update = await _client.GetProfileIfChangedAsync("u1", known.ETag!, fresh: true, cancellationToken: Token);
        Assert.False(update.NotModified);
        Assert.Equal(2, update.Profile!.EventCount);
        Assert.NotEqual(known.ETag, update.Profile.ETag);
    }

    [Fact]
    public async Task UnknownUserIsNull()
    {
        Assert.Null(await _client.GetProfileAsync("nobody", cancellationToken: Token));
        Assert.Equal(new ProfileUpdate(false, null), await _client.GetProfileIfChangedAsync("nobody", "W/\"x-1\"", cancellationToken: Token));
        Assert.Null(await _client.GetVectorAsync("nobody", cancellationToken: Token));
        Assert.Null(await _client.GetVectorAsync("nobody", new float[1], cancellationToken: Token));
        Assert.Null(await _client.GetWindowAsync("nobody", Token));
    }

    [Fact]
    public async Task RejectedEventIsAnExceptionThatNamesTheField()
    {
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => _client.SendEventAsync(Event(0) with { Kind = "stare" }, Token));
        Assert.Equal((HttpStatusCode.BadRequest, "unknown_kind", "kind"), (e.Status, e.Code, e.Field));
        Assert.Contains("view, click", e.Message, StringComparison.Ordinal);
        Assert.Single(e.Problems);
    }

    [Fact]
    public async Task ManyEventsGoInSeveralRequestsAndProblemsKeepTheirPlaces()
    {
        var events = Enumerable.Range(0, 2_500).Select(i => Event(i, $"u{i % 50}") with { Kind = i is 5 or 1_700 ? "stare" : EventKinds.View }).ToList();
        var result = await _client.SendEventsAsync(events, Token);
        Assert.Equal((2_498, 2, 2_500), (result.Accepted, result.Rejected, result.Total));
        Assert.Equal([5, 1_700], result.Problems.Select(p => p.Index));
        Assert.Equal(2_498, (await _client.SendEventsAsync(events, Token)).Duplicates);
    }

    [Fact]
    public async Task LongTextsAreSentInRequestsThatAnyDoorTakes()
    {
        var text = string.Concat(Enumerable.Repeat("👟", 2_000));
        var result = await _client.SendEventsAsync(Enumerable.Range(0, 300).Select(i => Event(i, $"u{i % 7}") with { Text = text }), Token);
        Assert.Equal(300, result.Accepted);
    }

    [Fact]
    public async Task EventsOfWhichNoneIsTakenAreVerdictsToo()
    {
        var result = await _client.SendEventsAsync([Event(0) with { UserId = "" }, Event(1) with { Value = 1, ItemId = new string('x', 129) }], Token);
        Assert.Equal((0, 2), (result.Accepted, result.Rejected));
        Assert.Equal(["userId", "itemId"], result.Problems.Select(p => p.Field));
        Assert.Equal(0, (await _client.SendEventsAsync(Array.Empty<UserEvent>(), Token)).Total);
    }

    [Fact]
    public async Task StreamedEventsAreStoredWhileOthersAreStillToCome()
    {
        var seen = false;
        var result = await _client.SendEventsAsync(UntilTheFirstIsThere(), Token);
        Assert.True(seen);
        Assert.Equal(2, result.Accepted);

        async IAsyncEnumerable<UserEvent> UntilTheFirstIsThere()
        {
            yield return Event(0);
            await Eventually.IsTrueAsync(async () => await _client.GetWindowAsync("u1", Token) is not null);
            seen = true;
            yield return Event(1);
        }
    }

    [Fact]
    public async Task StreamOfManyEventsIsHeldAFewAtATime()
    {
        var stream = new LargestWrite();
        using var body = new NdjsonStream<UserEvent>(Events(50_000), ClientJson.Default.UserEvent);
        await body.CopyToAsync(stream, Token);
        Assert.True(stream.Total > 4_000_000);
        Assert.InRange(stream.Largest, 1, 1 << 15);
        Assert.Equal(2_000, (await _client.SendEventsAsync(Events(2_000), Token)).Total);
    }

    [Fact]
    public async Task CancelledStreamEndsAndItsSourceIsLeftInOrder()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var ended = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.SendEventsAsync(Endless(Token), cancel.Token));
        Assert.True(ended);

        async IAsyncEnumerable<UserEvent> Endless([EnumeratorCancellation] CancellationToken token = default)
        {
            try
            {
                yield return Event(0);
                await cancel.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                yield return Event(1);
            }
            finally
            {
                ended = true;
            }
        }
    }

    [Fact]
    public async Task WhatTheSourceOfAStreamThrowsComesThrough()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => _client.SendEventsAsync(Broken(), Token));

        static async IAsyncEnumerable<UserEvent> Broken()
        {
            yield return Event(0);
            await Task.Yield();
            throw new InvalidDataException("the source is broken");
        }
    }

    [Fact]
    public async Task LinesAreSentAsTheyAre()
    {
        var result = await _client.SendEventLinesAsync(Encoding.UTF8.GetBytes($"{TestEvents.Event(1).Json()}\n\n{{broken\n"), Token);
        Assert.Equal((1, 1), (result.Accepted, result.Rejected));
        var broken = await _client.SendEventLinesAsync("{broken"u8.ToArray(), Token);
        Assert.Equal((0, 1, "malformed_json"), (broken.Accepted, broken.Rejected, Assert.Single(broken.Problems).Code));
    }

    [Theory]
    [InlineData("a/b c?d=1&é%2F#")]
    [InlineData("%2e%2e")]
    [InlineData("...")]
    public async Task AnyIdComesThroughAnAddress(string user)
    {
        await _client.SendEventAsync(Event(0, user), Token);
        Assert.Equal(user, (await _client.GetProfileAsync(user, fresh: true, cancellationToken: Token))!.UserId);
        Assert.Equal(user, (await _client.GetWindowAsync(user, Token))!.UserId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    public async Task IdThatNoAddressCanHoldIsRefusedHere(string user) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetProfileAsync(user, cancellationToken: Token));

    [Fact]
    public async Task HalfASurrogateIsNotSentAsAnotherText()
    {
        const string half = "a\ud83d";
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetProfileAsync(half, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.FindUsersAsync(half, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.EraseUsersAsync([half], Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.SendEventsAsync([Event(0, half)], Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.PutAttributesAsync("u1", new Dictionary<string, AttributeValue> { ["a"] = half }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.PutAttributesAsync("u1", new Dictionary<string, AttributeValue> { [half] = 1 }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.PatchItemAsync("i1", new ItemChanges { Title = half }, Token));
        Assert.Equal(1, (await _client.SendEventAsync(Event(0, "a\ufffd"), Token)).Accepted);
    }

    [Fact]
    public async Task ServiceTellsItsStateModelAndHealth()
    {
        var status = await _client.GetStatusAsync(Token);
        Assert.True(status.Empty);
        var active = (await _client.GetModelsAsync(Token)).Active;
        Assert.Equal((status.Model, status.Provider), (active.Model, active.Provider));
        Assert.Equal((null, null), (active.Privacy, active.ErasuresSince)); // its package does not say it
        var health = await Eventually.AnswersAsync(() => _client.GetHealthAsync(Token), h => h.IsReady);
        Assert.Equal("Healthy", health.Checks["windows"].Status);
    }

    [Fact]
    public async Task ClientOfTheFactoryWorksAndKeepsThePathOfItsAddress()
    {
        await using var services = new ServiceCollection().AddProfileServiceClient(_service.Client.BaseAddress!).Services.BuildServiceProvider();
        Assert.Equal(1, (await services.GetRequiredService<ProfileServiceClient>().SendEventAsync(Event(0), Token)).Accepted);

        var elsewhere = ProfileServiceClient.Create(new Uri($"{_service.Client.BaseAddress}swagger"));
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => elsewhere.GetStatusAsync(Token));
        Assert.Equal(HttpStatusCode.NotFound, e.Status);
        e = await Assert.ThrowsAsync<ProfileServiceException>(() => elsewhere.GetProfileAsync("ada", cancellationToken: Token));
        Assert.Equal("not_found", e.Code);
        await Assert.ThrowsAsync<ProfileServiceException>(() => elsewhere.GetProfileIfChangedAsync("ada", "\"1\"", cancellationToken: Token));
        await Assert.ThrowsAsync<ProfileServiceException>(() => elsewhere.GetVectorAsync("ada", cancellationToken: Token));
    }

    [Fact]
    public async Task MissingPageOfAnotherProgramIsNoUnknownUser()
    {
        var server = new StubServer(() => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("<html>") });
        using var http = new HttpClient(server) { BaseAddress = new Uri("http://stub") };
        await Assert.ThrowsAsync<ProfileServiceException>(() => new ProfileServiceClient(http).GetProfileAsync("ada", cancellationToken: Token));
    }

    [Fact]
    public async Task ClientOfTheFactorySendsItsKeyAndLogsNoAddress()
    {
        var stub = new StubServer(() => StubServer.Ok("""{"userId":"ada","model":"m/1","revision":1,"items":[]}"""));
        using var log = new LogText();
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace));
        services.AddProfileServiceClient(new Uri("http://stub"), key: "ps_key").ConfigurePrimaryHttpMessageHandler(() => stub);
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<ProfileServiceClient>().GetRecommendationsAsync("ada", cancellationToken: Token);
        Assert.Equal("Bearer ps_key", stub.Authorization);
        Assert.DoesNotContain("ada", log.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _service.Dispose();

    private static UserEvent Event(int second, string user = "u1", string item = "i1") =>
        new() { UserId = user, Kind = EventKinds.View, ItemId = item, Timestamp = Start.AddSeconds(second) };

    private static async IAsyncEnumerable<UserEvent> Events(int count)
    {
        for (var i = 0; i < count; i++)
            yield return Event(i, $"u{i % 50}");
        await Task.CompletedTask;
    }

    private static double Norm(float[] vector) => Math.Sqrt(vector.Sum(x => (double)x * x));

    private sealed class LargestWrite : MemoryStream
    {
        public int Largest { get; private set; }

        public long Total { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            (Largest, Total) = (Math.Max(Largest, buffer.Length), Total + buffer.Length);
            return ValueTask.CompletedTask;
        }
    }
}
