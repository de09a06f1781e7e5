using Microsoft.Extensions.Options;
using ProfileService.Attributes;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>What a refresh is: claim, read, compute, store, settle. When it happens is <see cref="RefreshWorker"/>'s.</summary>
internal sealed class ProfileRefresher(
    IDueQueue queue, AttributeStore attributes, ProfileComputer computer, ProfileStore profiles, ModelRegistry registry,
    ProfileMetrics metrics, IOptions<RefreshOptions> options, TimeProvider time)
{
    /// <summary>Leases up to <see cref="RefreshOptions.MaxBatch"/> due users to this process, which must refresh them.</summary>
    public async Task<IReadOnlyList<Claim>> ClaimDueAsync(CancellationToken cancellationToken) =>
        registry.IsActive ? await queue.ClaimDueAsync(options.Value.MaxBatch, options.Value.Lease, cancellationToken) : [];

    /// <summary>Refreshes one user if it is due and nobody else has it; returns whether it did.</summary>
    public async Task<bool> RefreshAsync(string userId, CancellationToken cancellationToken)
    {
        if (!registry.IsActive || await queue.ClaimAsync(userId, options.Value.Lease, cancellationToken) is not { } claim)
            return false;
        await RefreshAsync([claim]);
        return true;
    }

    /// <summary>Makes a user due that should have a profile by now: it may never have been made due, or nobody can refresh it.</summary>
    public Task MarkDueAsync(string userId, CancellationToken cancellationToken) => queue.MarkDueAsync([userId], cancellationToken);

    /// <summary>Refreshes claimed users. Takes no cancellation: what is claimed is finished, also when the service stops.</summary>
    public async Task RefreshAsync(IReadOnlyList<Claim> claims)
    {
        using var trace = new RefreshTrace(metrics, time, claims);
        try
        {
            var known = await attributes.FindAsync([.. claims.Select(c => c.UserId)], CancellationToken.None);
            var computed = computer.Compute(claims, known);
            var stored = await profiles.StoreAsync([.. computed.Select(c => c.Profile)], CancellationToken.None);
            registry.Update(ServedModel.StampOf(stored.ServedModel)); // read after the claim: a model is named before its users are made due
            if (!registry.IsActive) // a user settled by this model would not be refreshed by the active one
            {
                await queue.ReleaseAsync(claims, CancellationToken.None);
                return;
            }

            if (stored.Newer.Count > 0) // this worker stalled and came late, or the window went back
                await queue.RaiseRevisionsAsync([.. stored.Newer.Select(p => (p.UserId, p.Revision))], CancellationToken.None);
            await queue.SettleAsync([.. computed.Select(c => c.Claim)], CancellationToken.None);
            trace.End(computed);
        }
        catch
        {
            trace.Fail();
            var released = queue.ReleaseAsync(claims, CancellationToken.None);
            await released.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // if it fails, the store goes on trying
            throw;
        }
    }
}
