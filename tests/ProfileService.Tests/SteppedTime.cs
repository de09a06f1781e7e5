using Microsoft.Extensions.Time.Testing;

namespace ProfileService.Tests;

/// <summary>Time that stands still between steps, and counts the timers that were made to wait for one.</summary>
internal sealed class SteppedTime : FakeTimeProvider
{
    private int _timers;

    public SteppedTime()
    {
    }

    public SteppedTime(DateTimeOffset start)
        : base(start)
    {
    }

    /// <summary>Returns when so many timers were made: the work between two steps is done when it makes the next one.</summary>
    public Task UntilTimersAsync(int count) => Eventually.IsTrueAsync(() => Task.FromResult(Volatile.Read(ref _timers) >= count));

    /// <summary>Goes on by a step, and returns when somebody waits for time again.</summary>
    public Task PassAsync(TimeSpan step)
    {
        var before = Volatile.Read(ref _timers);
        Advance(step);
        return UntilTimersAsync(before + 1);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _timers);
        return timer;
    }
}
