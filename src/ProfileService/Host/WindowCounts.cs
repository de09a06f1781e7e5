using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Host;

/// <summary>Counts of the windows for the status. A count queries every partition; therefore concurrent callers share it.</summary>
internal sealed class WindowCounts(IWindowStore windows, IDueQueue queue)
{
    private readonly Coalesced<(bool IsEmpty, long Due)> _counts = new(async () =>
        (await windows.IsEmptyAsync(CancellationToken.None), await queue.CountDueAsync(CancellationToken.None)));

    public Task<(bool IsEmpty, long Due)> FindAsync(CancellationToken cancellationToken) =>
        _counts.FindAsync().WaitAsync(cancellationToken);
}
