namespace ProfileService.Platform;

/// <summary>
/// Runs a health check's call to a store on a separate thread, at most one call at a time. A call that takes longer than the wait
/// continues, and the next caller joins it instead of starting another. Therefore an unresponsive store blocks one thread, however often it
/// is probed.
/// </summary>
/// <param name="longestWait">Default 2 s.</param>
internal sealed class Probe(Func<Task> ask, TimeProvider time, TimeSpan? longestWait = null)
{
    private readonly TimeSpan _longestWait = longestWait ?? TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task _asking = Task.CompletedTask;

    /// <exception cref="TimeoutException">The store does not respond.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => Join().WaitAsync(_longestWait, time, cancellationToken);

    private Task Join()
    {
        lock (_lock)
        {
            if (_asking.IsCompleted)
                _asking = Task.Factory
                    .StartNew(ask, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            return _asking;
        }
    }
}
