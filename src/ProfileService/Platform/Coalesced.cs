namespace ProfileService.Platform;

/// <summary>
/// Coalesces calls of an expensive function. One call runs at a time; all callers that arrive meanwhile share the next one. Therefore no
/// result is older than its request, and the load does not grow with the number of callers.
/// </summary>
internal sealed class Coalesced<T>(Func<Task<T>> find)
{
    private readonly Lock _lock = new();
    private Task<T>? _running;
    private Task<T>? _next;

    public Task<T> FindAsync()
    {
        lock (_lock)
        {
            if (_next is not null)
                return _next;
            if (_running is { IsCompleted: false } running)
                return _next = FindAfterAsync(running);
            return _running = Task.Run(find);
        }
    }

    private async Task<T> FindAfterAsync(Task before)
    {
        // The caller holds the lock, which is re-entrant. If the running call has just ended, the code below must not run before the caller
        // has set _next; otherwise _next would never be cleared.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<T> mine;
        lock (_lock)
        {
            _running = mine = Task.Run(find);
            _next = null;
        }

        return await mine;
    }
}
