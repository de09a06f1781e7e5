using Microsoft.EntityFrameworkCore;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Host;

/// <summary>How many users were erased since the log of a package was exported.</summary>
internal sealed class ErasuresSince(IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Returns null if it is not known: the package does not say up to which erasure it was trained, or names one that the ledger does not
    /// have, or the database does not respond.
    /// </summary>
    public async Task<int?> CountAsync(PrivacyManifest? privacy, CancellationToken cancellationToken)
    {
        try
        {
            return privacy is null
                ? null
                : await CountAsync(privacy.LedgerSequence, cancellationToken).WaitAsync(LongestWait, time, cancellationToken);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return null;
        }
    }

    private async Task<int?> CountAsync(long sequence, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var last = await db.ErasedUsers.MaxAsync(e => (long?)e.Sequence, cancellationToken) ?? 0;
        return sequence > last ? null : await db.ErasedUsers.CountAsync(e => e.Sequence > sequence, cancellationToken);
    }
}
