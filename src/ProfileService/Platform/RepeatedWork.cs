namespace ProfileService.Platform;

/// <summary>What a background service does again and again.</summary>
internal static class RepeatedWork
{
    /// <summary>
    /// Runs the work until the service stops, with a pause after each time. A failure is logged once until the work succeeds, and never
    /// while the service stops.
    /// </summary>
    public static async Task RunAsync(
        Func<CancellationToken, Task> work, TimeSpan pause, TimeProvider time, Action<Exception> logFailed, CancellationToken stoppingToken)
    {
        var isLogged = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await work(stoppingToken);
                isLogged = false;
            }
            catch (Exception e)
            {
                if (!isLogged && !stoppingToken.IsCancellationRequested)
                    logFailed(e);
                isLogged = true;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
