namespace ProfileService.Privacy;

/// <summary>Loads the key of the ledger, before anything is stored, and restores the marks that the windows lost.</summary>
internal sealed class PrivacyStart(LedgerKeys keys, MarkKeeper marks) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken);
        await marks.RestoreAllAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
