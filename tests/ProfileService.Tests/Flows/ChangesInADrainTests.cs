using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Flows;

namespace ProfileService.Tests.Flows;

/// <summary>Whoever waits for changes when the process is about to stop. The clock goes on only where a test moves it.</summary>
public sealed class ChangesInADrainTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ChangePage Nothing = new([], ChangeCursor.Parse(FollowedLines.Beginning)!.Value);

    private readonly TestService _service = new();
    private readonly SteppedFeed _changes;

    public ChangesInADrainTests() => _changes = new SteppedFeed(_service);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _changes.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task WhoeverWaitsIsAnsweredWhenTheDrainBegins()
    {
        var waiting = _changes.WaitAsync();
        await _changes.Drain.StoppingAsync(Token);
        Assert.False(waiting.IsCompleted);
        _changes.Time.Advance(SteppedFeed.Look);
        await SteppedFeed.EndedAsync(waiting);
    }

    [Fact]
    public async Task WhoeverBeginsToWaitInADrainWaitsASecond()
    {
        await _changes.Drain.StoppingAsync(Token);
        var waiting = _changes.WaitAsync();
        Assert.False(waiting.IsCompleted);
        _changes.Time.Advance(Second);
        await SteppedFeed.EndedAsync(waiting);
    }

    [Fact]
    public async Task EventStreamEndsWhenTheDrainBegins()
    {
        var streaming = StreamAsync();
        await _changes.Drain.StoppingAsync(Token);
        Assert.False(streaming.IsCompleted);
        _changes.Time.Advance(SteppedFeed.Look);
        await SteppedFeed.EndedAsync(streaming);
    }

    [Fact]
    public async Task EventStreamThatBeginsInADrainWaitsASecond()
    {
        await _changes.Drain.StoppingAsync(Token);
        var streaming = StreamAsync();
        Assert.False(streaming.IsCompleted);
        _changes.Time.Advance(Second);
        await SteppedFeed.EndedAsync(streaming);
    }

    private async Task StreamAsync()
    {
        await using var services = new ServiceCollection().AddOptions().AddSingleton(_changes.Drain).AddSingleton<TimeProvider>(_changes.Time)
            .BuildServiceProvider();
        await new ChangeStreamResult(_changes.Feed, SteppedFeed.Request, Nothing).ExecuteAsync(new DefaultHttpContext { RequestServices = services });
    }
}
