namespace ProfileService.TestServers;

/// <summary>Waits for what a service does by itself. The bound only keeps a broken test from hanging.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    public static async Task IsTrueAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) >= Bound)
                throw new TimeoutException($"not within {Bound.TotalMinutes} minutes");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
