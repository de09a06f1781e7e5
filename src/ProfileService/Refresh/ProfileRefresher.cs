using Microsoft.Extensions.Options;
using ProfileService.Attributes;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>Refreshes profiles: claim, read, compute, store, settle. <see cref="RefreshWorker"/> decides when.</summary>
internal sealed class ProfileRefresher(
    IDueQueue queue, AttributeStore attributes, ProfileComputer computer, ProfileStore profiles, ModelRegistry registry,
    PurposeStore purposes, UserAliases aliases, MisplacedWindows misplaced, ProfileMetrics metrics, IOptions<RefreshOptions> options,
    TimeProvider time)
{
    /// <summary>Leases up to <see cref="RefreshOptions.MaxBatch"/> due users to this process, which must refresh them.</summary>
    public async Task<IReadOnlyList<Claim>> ClaimDueAsync(CancellationToken cancellationToken) =>
        registry.IsActive ? await queue.ClaimDueAsync(options.Value.MaxBatch, options.Value.Lease, cancellationToken) : [];

    /// <summary>Refreshes one user if it is due and not claimed already; returns whether it did.</summary>
    public async Task<bool> RefreshAsync(string userId, CancellationToken cancellationToken)
    {
        if (!registry.IsActive || await queue.ClaimAsync(userId, options.Value.Lease, cancellationToken) is not { } claim)
            return false;
        await RefreshAsync([claim]);
        return true;
    }

    /// <summary>
    /// Whether a user is neither due nor claimed, so that no worker refreshes it. Its profile can be behind its window then if another
    /// model became active and not every user was made due for it.
    /// </summary>
    public async Task<bool> IsLeftAsync(string userId, CancellationToken cancellationToken) =>
        await queue.FindAsync(userId, cancellationToken) is null;

    /// <summary>Makes a user due again whose profile is missing or behind, in case it was not due, or its refresh failed.</summary>
    public Task MarkDueAsync(string userId, CancellationToken cancellationToken) => queue.MarkDueAsync([userId], cancellationToken);

    /// <summary>Refreshes claimed users. It cannot be cancelled, so that claims are settled even if the service stops.</summary>
    public async Task RefreshAsync(IReadOnlyList<Claim> claims)
    {
        using var trace = new RefreshTrace(metrics, time, claims.Count);
        try
        {
            claims = await WithoutRefusedAsync(WithoutAliases(claims));
            if (claims.Count == 0)
                return;
            using var renewal = new LeaseRenewal(queue, claims, options.Value.Lease, time);
            var known = await attributes.FindAsync([.. claims.Select(c => c.UserId)], CancellationToken.None);
            var computed = computer.Compute(claims, known);
            var stored = await profiles.StoreAsync([.. computed.Select(c => c.Profile)], CancellationToken.None);
            // This model was read after the claim. A model is activated before its users are made due.
            registry.Update(ServedModel.StampOf(stored.ServedModel));
            if (!registry.IsActive) // a user settled by this model would not be refreshed by the active one
            {
                await ReleaseAsync(claims);
                return;
            }

            if (stored.Newer.Count > 0) // this process was delayed, or an older window was restored
                await queue.RaiseRevisionsAsync([.. stored.Newer.Select(p => (p.UserId, p.Revision))], CancellationToken.None);
            await queue.SettleAsync([.. computed.Select(c => c.Claim)], CancellationToken.None);
            trace.End(computed, claims.Count);
        }
        catch
        {
            trace.Fail(claims.Count);
            await ReleaseAsync(claims).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // if it fails, the queue retries it
            throw;
        }
    }

    private Task ReleaseAsync(IReadOnlyList<Claim> claims) => queue.ReleaseAsync(claims, options.Value.Lease, CancellationToken.None);

    /// <summary>
    /// Leaves the claims of aliases to whoever moves their windows, and returns the others. What is not moved is claimed again when its
    /// lease has ended.
    /// </summary>
    private IReadOnlyList<Claim> WithoutAliases(IReadOnlyList<Claim> claims)
    {
        if (!aliases.IsAny)
            return claims;
        var byAlias = claims.ToLookup(c => aliases.Find(c.UserId) is not null);
        if (byAlias[true].Any())
            misplaced.Add(byAlias[true].Select(c => c.UserId));
        return [.. byAlias[false]];
    }

    /// <summary>
    /// Settles the claims of users whose purposes do not allow a profile; returns the others. A settled user is not refreshed until the
    /// next change.
    /// </summary>
    private async Task<IReadOnlyList<Claim>> WithoutRefusedAsync(IReadOnlyList<Claim> claims)
    {
        var refused = await purposes.FindRefusedAsync(claims.Select(c => c.UserId), Purpose.Profile, CancellationToken.None);
        if (refused.Count == 0)
            return claims;
        var byRefusal = claims.ToLookup(c => refused.Contains(c.UserId));
        await queue.SettleAsync([.. byRefusal[true]], CancellationToken.None);
        return [.. byRefusal[false]];
    }
}
