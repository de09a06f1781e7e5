using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>The right of a process to work on some users of an erasure. One that dies leaves them to the others when it ends.</summary>
/// <param name="first">One of the users, as it was leased.</param>
internal sealed class ErasureLease(PendingErasure first, IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    public static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1); // how far the clocks of processes may be apart

    // All that this process set. A renewal that is said to have failed may be committed, so that the last one is not known. And the other
    // ids of a person get the first one when they are added, which may be after a renewal.
    private readonly List<DateTime> _ends = [first.LeasedUntil];

    /// <summary>A time that no other process takes, by which those that were leased are found.</summary>
    public static DateTime NewEnd(TimeProvider time) => new DateTime(
        (time.GetUtcNow().UtcDateTime + Length).Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc)
        .AddMicroseconds(RandomNumberGenerator.GetInt32(1_000_000));

    /// <summary>
    /// The latest time at which a lease can end. One that ends later was taken by a process whose clock was ahead, and counts as ended.
    /// </summary>
    public static DateTime LatestEnd(TimeProvider time) => time.GetUtcNow().UtcDateTime + Length + ClockSkew;

    /// <summary>
    /// Renews the lease time and again until it is cancelled, for an erasure of many events may take longer than a lease lasts. One that
    /// was not renewed in time, because the database or this process was away, is left to who has it then.
    /// </summary>
    /// <param name="logLost">Called once, if another one has it.</param>
    public async Task KeepAsync(Action<Exception> logFailed, Action logLost, CancellationToken cancellationToken)
    {
        var isLost = false;
        await Task.Delay(RenewalInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await RepeatedWork.RunAsync(RenewAsync, RenewalInterval, time, logFailed, cancellationToken);

        async Task RenewAsync(CancellationToken token)
        {
            if (isLost || await TryRenewAsync(token))
                return;
            isLost = true;
            logLost();
        }
    }

    /// <summary>
    /// Gives the users back, to be tried again after a pause, and says in the receipt why. Does nothing if another one has them, or if the
    /// erasure has ended.
    /// </summary>
    public async Task ReleaseAsync(string reason, TimeSpan pause)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var again = time.GetUtcNow().UtcDateTime + pause;
        if (await Leased(db).ExecuteUpdateAsync(set => set.SetProperty(p => p.LeasedUntil, again)) == 0)
            return;
        await db.Erasures.Where(e => e.Receipt == first.Receipt && e.GoneAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.WaitingFor, reason));
    }

    /// <summary>False if another one has the lease. That no user is left is no loss: the erasure has ended.</summary>
    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (leased, next) = (Leased(db), NewEnd(time));
        _ends.Add(next);
        return await leased.ExecuteUpdateAsync(set => set.SetProperty(p => p.LeasedUntil, next), cancellationToken) > 0
            || !await db.PendingErasures.AnyAsync(p => p.Receipt == first.Receipt && p.UserId == first.UserId, cancellationToken);
    }

    private IQueryable<PendingErasure> Leased(ProfileDbContext db)
    {
        var ends = _ends.ToArray();
        return db.PendingErasures.Where(p => p.Receipt == first.Receipt && ends.Contains(p.LeasedUntil));
    }
}
