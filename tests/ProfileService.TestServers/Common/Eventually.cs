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
        if (!await ComesTrueAsync(condition, Bound))
            throw new TimeoutException($"not within {Bound}");
    }

    /// <summary>False if the condition was not true within the bound, or did not say by then whether it is.</summary>
    public static async Task<bool> ComesTrueAsync(Func<Task<bool>> condition, TimeSpan bound)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var pause = ShortestPause; ; pause = Longer(pause))
        {
            var asked = condition();
            using (var answered = new CancellationTokenSource())
            {
                var left = bound - TimeProvider.System.GetElapsedTime(started);
                var end = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System, answered.Token);
                if (await Task.WhenAny(asked, end) != asked)
                    return false;
                await answered.CancelAsync();
            }

            if (await asked)
                return true;
            if (TimeProvider.System.GetElapsedTime(started) >= bound)
                return false;
            await Task.Delay(pause, TimeProvider.System);
        }
    }

    /// <summary>Asks until the answer is as wanted, and returns that answer.</summary>
    public static Task<T> AnswersAsync<T>(Func<Task<T>> ask, Func<T, bool> isWanted) where T : class => AnswersAsync(ask, isWanted, Bound);

    public static async Task<T> AnswersAsync<T>(Func<Task<T>> ask, Func<T, bool> isWanted, TimeSpan bound) where T : class
    {
        T? answer = null;
        if (!await ComesTrueAsync(async () => isWanted(answer = await ask()), bound))
            throw new TimeoutException($"not within {bound}; the last answer: {answer?.ToString() ?? "none"}");
        return answer!;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause < LongestPause ? pause * 1.5 : LongestPause;
}
