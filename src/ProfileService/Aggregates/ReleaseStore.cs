using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProfileService.Storage;

namespace ProfileService.Aggregates;

/// <summary>The releases in the database. Whichever process makes one, all read the same.</summary>
internal sealed class ReleaseStore(
    IDbContextFactory<ProfileDbContext> contexts, IOptions<AggregateOptions> options, TimeProvider time)
{
    private const int LeaseBytes = 16;

    // For longer than a page of users takes to count. A process that dies leaves its release to the others then.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    // Clocks differ. A lease that ends later than this is of a wrong clock.
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);

    /// <summary>The last release without its counts, and what the releases within the period have spent.</summary>
    public async Task<(AggregateRelease? Last, int SpentThousandths)> FindLastAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var since = time.GetUtcNow().UtcDateTime - options.Value.BudgetPeriod;
        var last = await db.AggregateReleases.AsNoTracking().Where(r => r.MadeAt != null).OrderByDescending(r => r.Number)
            .Select(r => new AggregateRelease
            {
                Number = r.Number,
                Lease = r.Lease,
                LeasedUntil = r.LeasedUntil,
                MadeAt = r.MadeAt,
                EpsilonThousandths = r.EpsilonThousandths,
            })
            .FirstOrDefaultAsync(cancellationToken);
        return (last, await db.AggregateReleases.Where(r => r.MadeAt > since).SumAsync(r => r.EpsilonThousandths, cancellationToken));
    }

    /// <summary>When the budget has room for a release, because former ones are out of the period; null if it has room now.</summary>
    public async Task<DateTime?> FindRoomAsync(int spentThousandths, CancellationToken cancellationToken)
    {
        var (excess, period) = (options.Value.ExcessOf(spentThousandths), options.Value.BudgetPeriod);
        if (excess <= 0)
            return null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var since = time.GetUtcNow().UtcDateTime - period;
        var spending = db.AggregateReleases.Where(r => r.MadeAt > since && r.EpsilonThousandths > 0).OrderBy(r => r.MadeAt)
            .Select(r => new { r.MadeAt, r.EpsilonThousandths }).AsAsyncEnumerable();
        await foreach (var release in spending.WithCancellation(cancellationToken))
        {
            excess -= release.EpsilonThousandths;
            if (excess <= 0)
                return release.MadeAt + period;
        }

        return null;
    }

    /// <summary>The counts of a release; null if there is a later one.</summary>
    public async Task<ReleasedCounts?> FindCountsAsync(long number, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var counts = await db.AggregateReleases.Where(r => r.Number == number).Select(r => r.Counts).FirstOrDefaultAsync(cancellationToken);
        return counts is null ? null : JsonSerializer.Deserialize<ReleasedCounts>(counts);
    }

    /// <summary>Takes the release of this number, for a while; null if another process has it, or has made it.</summary>
    public async Task<ReleaseLease?> TakeAsync(long number, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var lease = new ReleaseLease(number, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(LeaseBytes)), now);
        var (until, tooLate) = (now + Lease, now + LongestLease);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var taken = await db.WriteAsync(async () =>
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO aggregate_releases (number, lease, leased_until, epsilon_thousandths)
                VALUES ({number}, {lease.Text}, {until}, 0) ON CONFLICT (number) DO NOTHING
                """, cancellationToken)
            + await db.AggregateReleases
                .Where(r => r.Number == number && r.MadeAt == null && (r.LeasedUntil <= now || r.LeasedUntil > tooLate))
                .ExecuteUpdateAsync(
                    set => set.SetProperty(r => r.Lease, lease.Text).SetProperty(r => r.LeasedUntil, until), cancellationToken),
            isAlone: false, cancellationToken);
        return taken > 0 ? lease : null;
    }

    public async Task RenewAsync(ReleaseLease lease, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow().UtcDateTime + Lease;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            () => Held(db, lease).ExecuteUpdateAsync(set => set.SetProperty(r => r.LeasedUntil, until), cancellationToken),
            isAlone: false,
            cancellationToken);
    }

    /// <summary>
    /// Stores the counts, unless the lease was lost; the epsilon is spent in the same step. The counts of former releases are deleted.
    /// </summary>
    public async Task<bool> PublishAsync(ReleaseLease lease, ReleasedCounts counts, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(counts);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(async () =>
        {
            var stored = await Held(db, lease).ExecuteUpdateAsync(set => set
                .SetProperty(r => r.MadeAt, lease.TakenAt)
                .SetProperty(r => r.EpsilonThousandths, counts.EpsilonThousandths)
                .SetProperty(r => r.Counts, json), cancellationToken);
            if (stored > 0)
            {
                await db.AggregateReleases.Where(r => r.Number < lease.Number && r.Counts != null)
                    .ExecuteUpdateAsync(set => set.SetProperty(r => r.Counts, (string?)null), cancellationToken);
            }

            return stored > 0;
        }, isAlone: false, cancellationToken);
    }

    private static IQueryable<AggregateRelease> Held(ProfileDbContext db, ReleaseLease lease) =>
        db.AggregateReleases.Where(r => r.Number == lease.Number && r.Lease == lease.Text && r.MadeAt == null);
}

/// <summary>The right to make a release.</summary>
/// <param name="Text">Tells this process from others.</param>
internal sealed record ReleaseLease(long Number, string Text, DateTime TakenAt);
