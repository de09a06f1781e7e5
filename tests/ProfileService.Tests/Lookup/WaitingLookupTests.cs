using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

public sealed class WaitingLookupTests
{
    /// <summary>As on a process whose model was replaced, where no lookup can refresh its user.</summary>
    [Fact]
    public async Task LookupThatCannotRefreshReadsAtGrowingIntervals()
    {
        var time = new NotedWaits();
        using var service = TestService.WithoutWorker<TimeProvider>(_ => time, ("Refresh:Lease", "00:10:00"), ("Lookup:FreshTimeout", "00:00:30"));
        await service.AcceptAsync(Event(1));
        var queue = service.Services.GetRequiredService<IDueQueue>();
        var claim = await queue.ClaimAsync("u1", TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);
        time.Waits.Clear();
        var lookup = service.FreshAsync("u1");
        await Eventually.IsTrueAsync(() => Task.FromResult(time.Waits.Count(wait => wait == 80) >= 2));
        await queue.ReleaseAsync([claim!], TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);
        Assert.Equal(200, (await lookup).Status);
        Assert.Equal([5, 10, 20, 40, 80, 80], time.Waits.Where(wait => wait is 5 or 10 or 20 or 40 or 80).Take(6));
    }

    /// <summary>The machine's clock, and how long somebody began to wait, in ms.</summary>
    private sealed class NotedWaits : TimeProvider
    {
        public ConcurrentQueue<double> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Enqueue(dueTime.TotalMilliseconds);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
