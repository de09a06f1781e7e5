namespace ProfileService.TestServers.Common;

/// <summary>
/// Waits for a fact that a server or the service brings about by itself. The bound only keeps a broken test from hanging; the pauses grow,
/// so that a long wait does not take processor time from what it waits for.
/// </summary>
internal static class Eventually
{
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    public static async Task IsTrueAsync(Func<Task<bool>> condition)
    {
        if (!await IsTrueAsync(condition, Bound))
            throw new TimeoutException($"not within {Bound.TotalMinutes} minutes");
    }

    /// <summary>False if the condition was not true within the bound.</summary>
    public static async Task<bool> IsTrueAsync(Func<Task<bool>> condition, TimeSpan bound)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var pause = ShortestPause; !await condition(); pause = Longer(pause))
        {
            if (TimeProvider.System.GetElapsedTime(started) >= bound)
                return false;
            await Task.Delay(pause, TimeProvider.System);
        }

        return true;
    }

    /// <summary>Asks until the answer is as wanted, and returns that answer.</summary>
    public static async Task<T> AnswersAsync<T>(Func<Task<T>> ask, Func<T, bool> isWanted) where T : class
    {
        T? answer = null;
        await IsTrueAsync(async () => isWanted(answer = await ask()));
        return answer!;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause < LongestPause ? pause * 1.5 : LongestPause;
}
