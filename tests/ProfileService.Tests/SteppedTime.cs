using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace ProfileService.Tests;

/// <summary>Time that stands still between steps, and counts the waits for each length of time.</summary>
internal sealed class SteppedTime : FakeTimeProvider
{
    private readonly ConcurrentDictionary<long, int> _waits = [];

    public SteppedTime()
    {
    }

    public SteppedTime(DateTimeOffset start)
        : base(start)
    {
    }

    /// <summary>
    /// Returns when somebody has begun to wait so long for so many times: the work between two waits is done when the next one begins.
    /// </summary>
    public Task UntilWaitsAsync(TimeSpan length, int count) => Eventually.IsTrueAsync(() => Task.FromResult(WaitsOf(length) >= count));

    /// <summary>Goes on by a step, and returns when whoever waits for steps of that length does so again.</summary>
    public Task PassAsync(TimeSpan step)
    {
        var before = WaitsOf(step);
        Advance(step);
        return UntilWaitsAsync(step, before + 1);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.AddOrUpdate(KeyOf(dueTime), 1, (_, count) => count + 1);
        return timer;
    }

    private int WaitsOf(TimeSpan length) => _waits.GetValueOrDefault(KeyOf(length));

    private static long KeyOf(TimeSpan length) => (long)length.TotalMilliseconds; // to which Task.Delay rounds down
}
