using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>
/// Walks the way of an event once before the service listens, without leaving a trace, so that code is compiled and files are open
/// when the first real one comes.
/// </summary>
internal sealed class WarmUp(IWindowStore windows, ProfileStore profiles, ProfileReader reader) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await windows.AppendAsync([], cancellationToken);
        await windows.SettleAsync([], cancellationToken);
        await profiles.StoreAsync([], cancellationToken);
        await reader.ReadAsync("", fresh: true, cancellationToken);
        await reader.ReadAsync([""], cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
