namespace ProfileService.Platform;

/// <summary>
/// An answer that is dear to find. One search runs at a time, and whoever asks meanwhile shares the next one: so nobody gets an answer that
/// is older than the question, and the load is bounded whatever the number of callers.
/// </summary>
internal sealed class Shared<T>(Func<Task<T>> find)
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
        // The caller holds the lock, which lets its own thread in again. If the search has just ended, what follows must not run before
        // the caller has set _next: it would be set for ever.
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
