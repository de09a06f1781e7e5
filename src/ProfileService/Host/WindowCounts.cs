using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Host;

/// <summary>What the status tells of the windows. It asks every partition, so that callers share the answer.</summary>
internal sealed class WindowCounts(IWindowStore windows, IDueQueue queue)
{
    private readonly Shared<(bool IsEmpty, long Due)> _counts = new(async () =>
        (await windows.IsEmptyAsync(CancellationToken.None), await queue.CountDueAsync(CancellationToken.None)));

    public Task<(bool IsEmpty, long Due)> FindAsync(CancellationToken cancellationToken) =>
        _counts.FindAsync().WaitAsync(cancellationToken);
}
