using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Flows;
using ProfileService.Platform;

namespace ProfileService.Tests.Flows;

/// <summary>The changes of a service for one who waits for them, by a clock that goes on only where a test moves it.</summary>
internal sealed class SteppedFeed : IDisposable
{
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks of whoever waits.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static readonly FollowRequest Request = new(LongestWait, 100, VectorForm.None);

    private static readonly ChangeCursor Beginning = ChangeCursor.Parse(FollowedLines.Beginning)!.Value;

    public SteppedFeed(TestService service)
    {
        Drain = ActivatorUtilities.CreateInstance<Drain>(service.Services, Time);
        var watch = ActivatorUtilities.CreateInstance<ChangeWatch>(service.Services, Time);
        Feed = ActivatorUtilities.CreateInstance<ChangeFeed>(service.Services, Time, Drain, watch);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time { get; } = new();

    public Drain Drain { get; }

    public ChangeFeed Feed { get; }

    /// <summary>Waits for the first changes of all.</summary>
    public Task<ChangePage> WaitAsync() => Feed.WaitAsync(Beginning, Request, LongestWait, Token);

    /// <summary>Returns when the task has ended, by the clock of the machine, because the other one stands still.</summary>
    public static Task EndedAsync(Task task) => task.WaitAsync(Eventually.Bound, TimeProvider.System, Token);

    public void Dispose() => Drain.Dispose();
}
