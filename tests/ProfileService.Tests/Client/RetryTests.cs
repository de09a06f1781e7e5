using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Client;

namespace ProfileService.Tests.Client;

/// <summary>When a request is sent again, and when it is given up.</summary>
public sealed class RetryTests
{
    private const string Status = """{"empty":true,"due":0,"model":"m/1","provider":"Cpu"}""";

    private readonly WaitedTime _time = new();
    private readonly RetryOptions _options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BusyServiceIsAskedAgainWhenItSays()
    {
        var server = new StubServer(() => StubServer.Busy(TimeSpan.FromSeconds(2)), () => StubServer.Busy(TimeSpan.FromSeconds(3)), () => StubServer.Ok(Status));
        var notices = new List<RetryNotice>();
        _options.OnRetry = notices.Add;
        Assert.Equal("m/1", (await EndOfAsync(ClientOf(server).GetStatusAsync(Token))).Model);
        Assert.Equal(3, server.Requests.Count);
        Assert.Collection(notices, n => Assert.InRange(n.Delay.TotalSeconds, 2, 2.4), n => Assert.InRange(n.Delay.TotalSeconds, 3, 3.6));
        Assert.Equal([1, 2], notices.Select(n => n.Attempt));
        Assert.Contains("503", notices[0].Reason, StringComparison.Ordinal);
        Assert.Equal(notices.Select(n => Math.Truncate(n.Delay.TotalMilliseconds)), _time.Waited.Select(w => w.TotalMilliseconds));
    }

    [Fact]
    public async Task ServiceThatStaysBusyIsGivenUpAfterWaitsThatGrow()
    {
        var server = new StubServer(() => StubServer.Busy());
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => EndOfAsync(ClientOf(server).GetStatusAsync(Token)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "A store does not answer."), (e.Status, e.Detail));
        Assert.Equal(_options.MaxAttempts, server.Requests.Count);
        Assert.Equal(_options.MaxAttempts - 1, _time.Waited.Count);
        Assert.InRange(_time.Waited.Sum(w => w.TotalSeconds), 1, 10);
        Assert.True(_time.Waited[^1] > 2 * _time.Waited[0]);
    }

    [Fact]
    public async Task WaitIsNeverLongerThanTheLongest()
    {
        _options.MaxAttempts = 12;
        var notices = new List<RetryNotice>();
        _options.OnRetry = notices.Add;
        await Assert.ThrowsAsync<ProfileServiceException>(() => EndOfAsync(ClientOf(new StubServer(() => StubServer.Busy(_options.LongestDelay))).GetStatusAsync(Token)));
        Assert.All(notices, n => Assert.Equal(_options.LongestDelay, n.Delay));
        notices.Clear();
        await Assert.ThrowsAsync<ProfileServiceException>(() => EndOfAsync(ClientOf(new StubServer(() => StubServer.Busy())).GetStatusAsync(Token)));
        Assert.All(notices, n =>
        {
            var bound = Math.Min(_options.LongestDelay.TotalSeconds, _options.FirstDelay.TotalSeconds * Math.Pow(2, n.Attempt - 1));
            Assert.InRange(n.Delay.TotalSeconds, bound / 2, bound);
        });
    }

    [Fact]
    public async Task LostConnectionIsTriedAgainWithTheSameBody()
    {
        var server = new StubServer(() => throw new HttpRequestException("refused"), () => StubServer.Ok("""{"accepted":1,"duplicates":0,"late":0,"rejected":0,"problems":[]}"""));
        var sent = new UserEvent { UserId = "u1", Kind = EventKinds.View, ItemId = "i1", Timestamp = DateTimeOffset.UnixEpoch };
        Assert.Equal(1, (await EndOfAsync(ClientOf(server).SendEventAsync(sent, Token))).Accepted);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(server.Requests[0], server.Requests[1]);
        Assert.Contains("\"userId\":\"u1\"", server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceThatIsNotThereIsGivenUpWithTheReason()
    {
        var server = new StubServer(() => throw new HttpRequestException("refused"));
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => EndOfAsync(ClientOf(server).GetStatusAsync(Token)));
        Assert.Equal("refused", e.Message);
        Assert.Equal(_options.MaxAttempts, server.Requests.Count);
    }

    [Theory]
    [InlineData(40_000, "took longer than 40 s")]
    [InlineData(20, "took longer than 0.02 s")]
    public async Task AnswerThatDoesNotBeginIsTriedAgainAndGivenUp(int milliseconds, string said)
    {
        (_options.MaxAttempts, _options.AttemptTimeout) = (2, TimeSpan.FromMilliseconds(milliseconds));
        using var client = new HttpClient(new RetryHandler(_options, _time, new Random(1)) { InnerHandler = new SilentServer() }) { BaseAddress = new Uri("http://test"), Timeout = Timeout.InfiniteTimeSpan };
        var profiles = new ProfileServiceClient(client);
        (Task, string)[] calls =
        [
            (profiles.GetStatusAsync(Token), "/v1/status"),
            (profiles.GetHealthAsync(Token), "/health/ready"),
            (profiles.SendEventsAsync(AsyncEnumerable.Empty<UserEvent>(), Token), "/v1/events"),
        ];
        foreach (var (call, path) in calls)
        {
            await Eventually.IsTrueAsync(() =>
            {
                _time.Advance(_options.AttemptTimeout);
                return Task.FromResult(call.IsCompleted);
            });
            var e = await Assert.ThrowsAsync<TimeoutException>(() => call);
            Assert.Contains($"{path} {said}", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnswerThatBreaksOffIsAskedForAgainWithTheSameRequest()
    {
        var server = new StubServer(Broken, Broken, () => StubServer.Ok("""{"accepted":1,"duplicates":0,"late":0,"rejected":0,"problems":[]}"""));
        var sent = new UserEvent { UserId = "u1", Kind = EventKinds.View, ItemId = "i1", Timestamp = DateTimeOffset.UnixEpoch };
        var notices = new List<RetryNotice>();
        _options.OnRetry = notices.Add;
        Assert.Equal(1, (await EndOfAsync(ClientOf(server).SendEventAsync(sent, Token))).Accepted);
        Assert.Equal(3, server.Requests.Count);
        Assert.Single(server.Requests.Distinct());
        Assert.Equal([(1, "the answer broke off"), (2, "the answer broke off")], notices.Select(n => (n.Attempt, n.Reason)));
        Assert.All(notices, n => Assert.InRange(n.Delay, _options.FirstDelay / 2, 2 * _options.FirstDelay));
    }

    [Fact]
    public async Task RequestIsSentNoMoreOftenWhereFailuresDiffer()
    {
        var server = new StubServer([.. Enumerable.Range(0, 3 * _options.MaxAttempts).Select(i => i % 2 == 0 ? (Func<HttpResponseMessage>)Broken : () => StubServer.Busy())]);
        var notices = new List<RetryNotice>();
        _options.OnRetry = notices.Add;
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => EndOfAsync(ClientOf(server).GetStatusAsync(Token)));
        Assert.Equal(_options.MaxAttempts, server.Requests.Count);
        Assert.Equal(Enumerable.Range(1, _options.MaxAttempts - 1), notices.Select(n => n.Attempt));
    }

    [Fact]
    public async Task AnswersThatAlwaysBreakOffAreGivenUp()
    {
        var server = new StubServer(Broken);
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => EndOfAsync(ClientOf(server).GetStatusAsync(Token)));
        Assert.Contains("/v1/status broke off", e.Message, StringComparison.Ordinal);
        Assert.Equal(_options.MaxAttempts, server.Requests.Count);
        var stream = new StubServer(Broken);
        await Assert.ThrowsAsync<HttpRequestException>(() => ClientOf(stream).SendEventsAsync(AsyncEnumerable.Empty<UserEvent>(), Token));
        Assert.Single(stream.Requests);
    }

    [Fact]
    public async Task ChangesAndExportsGoOnWhereAPageBreaksOff()
    {
        var server = new StubServer(
            () => StubServer.Ok("""{"pseudonym":"p","deleted":true}""" + "\n" + """{"cursor":"c1"}"""),
            () => StubServer.Ok("""{"pseudonym":"q","deleted":true}"""),
            () => StubServer.Ok("""{"pseudonym":"q","deleted":true}""" + "\n" + """{"cursor":"c2"}"""));
        await using var pages = ClientOf(server).FollowChangesAsync("c0", cancellationToken: Token).GetAsyncEnumerator(Token);
        Assert.True(await pages.MoveNextAsync());
        Assert.True(await EndOfAsync(pages.MoveNextAsync().AsTask()));
        Assert.Equal("q", Assert.Single(pages.Current.Changes).Pseudonym);
        Assert.Equal(["after=c0", "after=c1", "after=c1"], server.Requests.Select(r => r.Asked.Split('?', '&')[1]));

        server = new StubServer(() => StubServer.Ok("""{"cursor":"c","model":"m/1"}"""), () => StubServer.Ok("""{"cursor":"c","model":"m/1"}""" + "\n" + """{"profiles":0}"""));
        Assert.Single(await EndOfAsync(ClientOf(server).ExportProfilesAsync(cancellationToken: Token).ToListAsync(Token).AsTask()));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task WaitForChangesIsRoundedUpAndBounded()
    {
        var server = new StubServer(() => StubServer.Ok("""{"cursor":"c1"}"""));
        await ClientOf(server).GetChangesAsync(wait: TimeSpan.FromMilliseconds(500), cancellationToken: Token);
        Assert.Contains("wait=1&", server.Requests[0].Asked, StringComparison.Ordinal);
        foreach (var wait in (int[])[-1, 30_001])
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await ClientOf(server).GetChangesAsync(wait: TimeSpan.FromMilliseconds(wait), cancellationToken: Token));
    }

    [Fact]
    public async Task RestThatIsAskedForByADateIsTold()
    {
        var server = new StubServer(() =>
        {
            var busy = StubServer.Busy();
            (busy.Headers.Date, busy.Headers.RetryAfter) = (_time.GetUtcNow(), new(_time.GetUtcNow().AddMinutes(5)));
            return busy;
        });
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => EndOfAsync(ClientOf(server).GetStatusAsync(Token)));
        Assert.Equal(TimeSpan.FromMinutes(5), e.RetryAfter);
    }

    [Fact]
    public async Task RedirectIsNotFollowedAndNamed()
    {
        await using var service = WebApplication.CreateSlimBuilder().Build();
        service.Urls.Add("http://127.0.0.1:0");
        service.Run(context =>
        {
            context.Response.Redirect($"https://elsewhere{context.Request.Path}");
            return Task.CompletedTask;
        });
        await service.StartAsync(Token);
        var address = new Uri(service.Urls.Single());
        await using var services = new ServiceCollection().AddProfileServiceClient(address).Services.BuildServiceProvider();
        foreach (var client in (ProfileServiceClient[])[ProfileServiceClient.Create(address), services.GetRequiredService<ProfileServiceClient>()])
        {
            var e = await Assert.ThrowsAsync<ProfileServiceException>(() => client.SendEventLinesAsync("{}"u8.ToArray(), Token));
            Assert.Contains("refers to https://elsewhere/v1/events.", e.Message, StringComparison.Ordinal);
            e = await Assert.ThrowsAsync<ProfileServiceException>(() => client.GetHealthAsync(Token));
            Assert.Contains("refers to https://elsewhere/health/ready.", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TimeOfAStreamsSourceIsNotThatOfTheAnswer()
    {
        var server = new StubServer(() => StubServer.Ok("""{"accepted":0,"duplicates":0,"late":0,"rejected":0,"problems":[]}"""));
        var end = new TaskCompletionSource();
        var call = ClientOf(server).SendEventsAsync(Slow(), Token);
        _time.Advance(2 * _options.AttemptTimeout);
        end.SetResult();
        Assert.Equal(0, (await call).Accepted);

        async IAsyncEnumerable<UserEvent> Slow()
        {
            await end.Task;
            yield break;
        }
    }

    [Fact]
    public async Task RefusedRequestIsNotSentAgain()
    {
        var server = new StubServer(() => new HttpResponseMessage(HttpStatusCode.Conflict));
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => ClientOf(server).GetRecommendationsAsync("u1", cancellationToken: Token));
        Assert.Equal(HttpStatusCode.Conflict, e.Status);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task ServiceThatAsksForALongRestIsLeftAlone(HttpStatusCode status)
    {
        var server = new StubServer(() => new HttpResponseMessage(status) { Headers = { RetryAfter = new(TimeSpan.FromMinutes(5)) } });
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => EndOfAsync(ClientOf(server).GetStatusAsync(Token)));
        Assert.Equal(TimeSpan.FromMinutes(5), e.RetryAfter);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task StreamIsNotSentAgain()
    {
        var server = new StubServer(() => StubServer.Busy());
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => ClientOf(server).SendEventsAsync(AsyncEnumerable.Empty<UserEvent>(), Token));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, e.Status);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task HealthIsAskedOnceForThatItIsBadIsAnAnswer()
    {
        var server = new StubServer(() => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("""{"status":"Unhealthy","checks":{"windows":{"status":"Unhealthy","description":"gone"}}}""") });
        var health = await ClientOf(server).GetHealthAsync(Token);
        Assert.False(health.IsReady);
        Assert.Equal("gone", health.Checks["windows"].Description);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task HealthThatIsRefusedSaysWhy(HttpStatusCode status)
    {
        var server = new StubServer(() => new HttpResponseMessage(status) { Content = new StringContent("""{"code":"host_not_allowed","detail":"not that name"}""", Encoding.UTF8, "application/problem+json") });
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => ClientOf(server).GetHealthAsync(Token));
        Assert.Equal((status, "host_not_allowed", "not that name"), (e.Status, e.Code, e.Message));
    }

    [Fact]
    public async Task CancelledWaitEndsAtOnce()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var server = new StubServer(() => StubServer.Busy());
        var call = ClientOf(server).GetStatusAsync(cancel.Token);
        Assert.False(call.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Single(server.Requests);
    }

    private static HttpResponseMessage Broken()
    {
        var answer = StubServer.Ok("");
        answer.Content = new StreamContent(new CutStream()) { Headers = { ContentType = answer.Content.Headers.ContentType } };
        return answer;
    }

    private ProfileServiceClient ClientOf(StubServer server) =>
        new(new HttpClient(new RetryHandler(_options, _time, new Random(1)) { InnerHandler = server }) { BaseAddress = new Uri("http://test"), Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>The call's end; each wait of the handler is over as soon as it begins.</summary>
    private async Task<T> EndOfAsync<T>(Task<T> call)
    {
        await Eventually.IsTrueAsync(() =>
        {
            _time.Pass();
            return Task.FromResult(call.IsCompleted);
        });
        return await call;
    }

    private sealed class CutStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("reset");
    }

    private sealed class SilentServer : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await (request.Content?.CopyToAsync(Stream.Null, cancellationToken) ?? Task.CompletedTask);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return StubServer.Ok(Status);
        }
    }

    /// <summary>Time that passes as far as somebody waits for it.</summary>
    private sealed class WaitedTime : FakeTimeProvider
    {
        private readonly ConcurrentQueue<TimeSpan> _begun = new();

        public List<TimeSpan> Waited { get; } = [];

        /// <summary>Ends the waits begun.</summary>
        public void Pass()
        {
            while (_begun.TryDequeue(out var wait))
            {
                Waited.Add(wait);
                Advance(wait);
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero) // a timeout's is set later
                _begun.Enqueue(dueTime);
            return timer;
        }
    }
}
