using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>
/// Renews the leases of claims, each time that half a lease is over, until it is disposed of. Otherwise the users of a batch that takes
/// longer than a lease would be claimed again, so that the batch could not settle them, nor could the next one, which takes as long.
/// </summary>
internal sealed class LeaseRenewal : IDisposable
{
    private readonly PeriodicTimer _timer;

    public LeaseRenewal(IDueQueue queue, IReadOnlyList<Claim> claims, TimeSpan lease, TimeProvider time)
    {
        _timer = new PeriodicTimer(lease / 2, time);
        _ = RepeatAsync(async () => await queue.RenewAsync(claims, lease, CancellationToken.None));
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>If the store fails, the next renewal may succeed.</summary>
    private async Task RepeatAsync(Func<Task> renew)
    {
        while (await _timer.WaitForNextTickAsync())
            await renew().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
