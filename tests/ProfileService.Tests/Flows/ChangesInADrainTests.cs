using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Flows;
using ProfileService.Platform;

namespace ProfileService.Tests.Flows;

/// <summary>Whoever waits for changes when the process is about to stop. The clock goes on only where a test moves it.</summary>
public sealed class ChangesInADrainTests : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ChangePage Nothing = new([], ChangeCursor.Parse(FollowedLines.Beginning)!.Value);
    private static readonly FollowRequest Request = new(LongestWait, 100, VectorForm.None);

    private readonly TestService _service = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Drain _drain;
    private readonly ChangeFeed _feed;

    public ChangesInADrainTests()
    {
        _drain = Create<Drain>(_time);
        _feed = Create<ChangeFeed>(_time, _drain, Create<ChangeWatch>(_time));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _drain.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task WhoeverWaitsIsAnsweredWhenTheDrainBegins()
    {
        var waiting = WaitAsync();
        await _drain.StoppingAsync(Token);
        Assert.False(waiting.IsCompleted);
        _time.Advance(Look);
        await EndedAsync(waiting);
    }

    [Fact]
    public async Task WhoeverBeginsToWaitInADrainWaitsASecond()
    {
        await _drain.StoppingAsync(Token);
        var waiting = WaitAsync();
        Assert.False(waiting.IsCompleted);
        _time.Advance(Second);
        await EndedAsync(waiting);
    }

    [Fact]
    public async Task EventStreamEndsWhenTheDrainBegins()
    {
        var streaming = StreamAsync();
        await _drain.StoppingAsync(Token);
        Assert.False(streaming.IsCompleted);
        _time.Advance(Look);
        await EndedAsync(streaming);
    }

    [Fact]
    public async Task EventStreamThatBeginsInADrainWaitsASecond()
    {
        await _drain.StoppingAsync(Token);
        var streaming = StreamAsync();
        Assert.False(streaming.IsCompleted);
        _time.Advance(Second);
        await EndedAsync(streaming);
    }

    private T Create<T>(params object[] parts) => ActivatorUtilities.CreateInstance<T>(_service.Services, parts);

    private Task WaitAsync() => _feed.WaitAsync(Nothing.Next, Request, LongestWait, Token);

    private async Task StreamAsync()
    {
        await using var services = new ServiceCollection().AddOptions().AddSingleton(_drain).AddSingleton<TimeProvider>(_time)
            .BuildServiceProvider();
        await new ChangeStreamResult(_feed, Request, Nothing).ExecuteAsync(new DefaultHttpContext { RequestServices = services });
    }

    // By the clock of the machine, because the other one stands still.
    private static Task EndedAsync(Task task) => task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Token);
}
