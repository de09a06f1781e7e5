namespace ProfileService.Platform;

/// <summary>
/// A question to a store for a health check. It runs on a thread of its own, one at a time: one that outlasts the wait goes on, and the
/// next caller waits for it instead of asking again. So a store that hangs costs one thread, however often it is probed.
/// </summary>
/// <param name="longestWait">2 s where none is given.</param>
internal sealed class Probe(Func<Task> ask, TimeProvider time, TimeSpan? longestWait = null)
{
    private readonly TimeSpan _longestWait = longestWait ?? TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task _asking = Task.CompletedTask;

    /// <exception cref="TimeoutException">The store does not answer.</exception>
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
