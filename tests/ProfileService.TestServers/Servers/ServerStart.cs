using ProfileService.TestServers.Common;

namespace ProfileService.TestServers.Servers;

/// <summary>Starts servers and waits until they answer.</summary>
internal static class ServerStart
{
    private const int Attempts = 5;

    /// <summary>Starts a server that chooses its ports anew each time, until they are not taken by someone else meanwhile.</summary>
    public static async Task<T> OnFreePortsAsync<T>(Func<Task<T>> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await start();
            }
            catch (Exception fault) when (attempt < Attempts && PortWasTaken(fault.Message))
            {
            }
        }
    }

    /// <summary>Starts the server, or starts it again, and returns when it answers.</summary>
    public static async Task UntilItAnswersAsync(ITestServer server, Func<Task<bool>> answers)
    {
        await server.StartAsync();
        var isUp = false;
        await Eventually.ComesTrueAsync(async () => (isUp = await answers()) || server.HasEnded, Eventually.Bound);
        if (!isUp)
            throw new InvalidOperationException($"The server did not start:\n{await server.OutputAsync()}");
    }

    /// <summary>Hands out what has started; ends what has not.</summary>
    public static async Task<T> OrEndAsync<T>(T started, Task start) where T : IAsyncDisposable
    {
        try
        {
            await start;
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    private static bool PortWasTaken(string message) =>
        message.Contains("already in use", StringComparison.OrdinalIgnoreCase) || message.Contains("already allocated", StringComparison.Ordinal);
}
