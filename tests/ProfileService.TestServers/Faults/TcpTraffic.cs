namespace ProfileService.TestServers.Faults;

/// <summary>How bytes move through a proxy: at once, late, or not until it is told so.</summary>
internal sealed class TcpTraffic
{
    private volatile TaskCompletionSource _open = Opened();
    private TimeSpan _delay;

    /// <summary>Bytes wait, in connections that stay open; new connections are taken and get no answer.</summary>
    public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Delay(TimeSpan delay) => _delay = delay;

    public void Flow()
    {
        _delay = TimeSpan.Zero;
        _open.TrySetResult();
    }

    public async Task WaitAsync()
    {
        await _open.Task;
        if (_delay is { Ticks: > 0 } delay)
            await Task.Delay(delay, TimeProvider.System);
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
