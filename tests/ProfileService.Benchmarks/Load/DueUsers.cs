using ProfileService.Benchmarks.Setup;

namespace ProfileService.Benchmarks.Load;

/// <summary>Makes users due and waits until the service has refreshed them.</summary>
internal sealed class DueUsers(ServiceUnderTest service, ServiceStores stores, IReadOnlyList<string> users)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20); // a look costs Redis some 0.1 ms
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    /// <summary>From all users due to all profiles stored and settled; users a second, and what CPU time the service spent on each, in µs.</summary>
    public async Task<(double PerSecond, double CpuEach)> RefreshAsync(CancellationToken cancellationToken)
    {
        await WaitUntilNoneAsync(cancellationToken);
        var (started, cpu) = (TimeProvider.System.GetTimestamp(), service.CpuTime);
        await stores.Queue.MarkDueAsync(users, cancellationToken);
        await WaitUntilNoneAsync(cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(started);
        return (users.Count / took.TotalSeconds, (service.CpuTime - cpu).TotalMicroseconds / users.Count);
    }

    public async Task WaitUntilNoneAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await stores.IsNobodyDueAsync())
        {
            if (TimeProvider.System.GetElapsedTime(started) > LongestWait)
                throw new InvalidOperationException($"Users were still due after {LongestWait.TotalSeconds} s.");
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }
}
