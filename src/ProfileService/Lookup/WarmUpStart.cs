using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>
/// Runs the code of an event and of a lookup once before the service listens, without storing anything, so that code is compiled and files
/// are open before the first request.
/// </summary>
internal sealed partial class WarmUpStart(
    IWindowStore windows, IDueQueue queue, ProfileStore profiles, ProfileReader reader, ILogger<WarmUpStart> logger) : IHostedService
{
    private const string Nobody = "warm-up";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await windows.AppendAsync([], cancellationToken);
            await queue.SettleAsync([], cancellationToken);
            await profiles.StoreAsync([], cancellationToken);
            await reader.ReadAsync(Nobody, fresh: false, cancellationToken);
            await reader.ReadAsync(Nobody, fresh: true, cancellationToken);
            await reader.ReadAsync([Nobody], cancellationToken);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e)) // a part of a cluster is unreachable; the rest can be served
        {
            LogCold(e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The first requests may take longer, for the way of an event could not be walked")]
    private partial void LogCold(Exception exception);
}
