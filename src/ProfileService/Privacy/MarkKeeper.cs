using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>
/// Compares the marks of the windows with the ledger, because either may be lost: Redis by a failover or an old snapshot, the database by
/// an old backup. What one of them lacks is taken from the other, and what came back of those users is erased again.
/// </summary>
internal sealed partial class MarkKeeper(
    Ledger ledger,
    IErasureMarks marks,
    IWindowStore windows,
    ReappearedWindows reappeared,
    DatabaseReview database,
    DatabaseEraser eraser,
    IOptions<PrivacyOptions> options,
    TimeProvider time,
    ILogger<MarkKeeper> logger,
    ProfileCache? cache = null)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    // Restored by this process. A process that dies leaves them in the windows, and the next one that starts finds them there.
    private readonly ConcurrentDictionary<string, LedgerMark> _unreviewed = new(StringComparer.Ordinal);

    /// <summary>
    /// Compares all marks: those that are missing in the windows are set, those that the ledger lacks are entered there. What came back of
    /// these users is erased.
    /// </summary>
    public async Task RestoreAllAsync(CancellationToken cancellationToken)
    {
        await RestoreAsync(DateTime.MinValue, withLast: false, await FindUnreviewedAsync(cancellationToken), cancellationToken);
        var isDatabaseOlder = await EnterUnknownAsync(cancellationToken);
        if (options.Value.Reconcile)
            await EraseReappearedAsync(null, cancellationToken);
        if (isDatabaseOlder || options.Value.Reconcile)
            LogReviewed(await database.EraseReappearedAsync(cancellationToken));
    }

    /// <summary>
    /// Sets the marks of users that were erased since a time, if they are missing. If any was, sets all that are missing. Then erases what
    /// came back of these users, and of those for whom that failed before.
    /// </summary>
    public Task RestoreAsync(DateTime since, CancellationToken cancellationToken) =>
        RestoreAsync(since, withLast: false, [], cancellationToken);

    /// <summary>
    /// As <see cref="RestoreAsync(DateTime, CancellationToken)"/>, but looks for the marks of the last 1,000 erased users in any case,
    /// however long ago they were erased: the store may have lost more than that time.
    /// </summary>
    public Task RestoreWithLastAsync(DateTime since, CancellationToken cancellationToken) =>
        RestoreAsync(since, withLast: true, [], cancellationToken);

    private async Task RestoreAsync(DateTime since, bool withLast, HashSet<string> unreviewed, CancellationToken cancellationToken)
    {
        if (await SetMissingAsync(since, withLast, unreviewed, cancellationToken) && since > DateTime.MinValue)
            await SetMissingAsync(DateTime.MinValue, withLast, unreviewed, cancellationToken);
        if (!_unreviewed.IsEmpty)
            await ReviewAsync([.. _unreviewed.Values], cancellationToken);
    }

    /// <summary>Returns whether any was missing.</summary>
    private async Task<bool> SetMissingAsync(
        DateTime since, bool withLast, HashSet<string> unreviewed, CancellationToken cancellationToken)
    {
        var isAny = false;
        await foreach (var page in ledger.ReadAsync(since, withLast, cancellationToken))
        {
            var set = await marks.RestoreAsync(page, cancellationToken);
            foreach (var mark in page.Where(m => set.Contains(m.UserHash) || unreviewed.Contains(m.UserHash)))
                _unreviewed[mark.UserHash] = mark;
            isAny |= set.Count > 0;
        }

        return isAny;
    }

    private async Task ReviewAsync(IReadOnlyList<LedgerMark> restored, CancellationToken cancellationToken)
    {
        LogLost(restored.Count);
        await EraseReappearedAsync([.. restored.Select(m => m.UserHash)], cancellationToken);
        await marks.ConfirmAsync(restored, cancellationToken);
        foreach (var mark in restored)
            _unreviewed.TryRemove(new(mark.UserHash, mark)); // unless it was lost again meanwhile
    }

    /// <summary>Hashes of users whose marks were restored by a process that did not get further.</summary>
    private async Task<HashSet<string>> FindUnreviewedAsync(CancellationToken cancellationToken)
    {
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var page in marks.ReadAsync(cancellationToken))
            hashes.UnionWith(page.Where(m => m.Mark.Order == ErasureMark.Unreviewed).Select(m => m.UserHash));
        return hashes;
    }

    /// <summary>Enters marks of the windows that the ledger lacks or has lower; returns whether there were any.</summary>
    private async Task<bool> EnterUnknownAsync(CancellationToken cancellationToken)
    {
        var isAny = false;
        await foreach (var page in marks.ReadAsync(cancellationToken))
        {
            if (await ledger.FindUnknownAsync(page, cancellationToken) is not { Count: > 0 } unknown)
                continue;
            await EnterAsync(unknown, cancellationToken);
            isAny = true;
        }

        return isAny;
    }

    // Writers of other processes may hold the lock for longer than an entry waits for it. A start must not fail for that.
    private async Task EnterAsync(IReadOnlyList<LedgerMark> unknown, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ledger.EnterAsync(unknown, cancellationToken);
                return;
            }
            catch (Exception e) when (StoreFailure.CauseOf(e) is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable })
            {
                await Task.Delay(RetryInterval, time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Erases users again whose windows from before their erasure came back, and drops the cached profiles of all users of the ledger:
    /// those who have begun anew get new ones.
    /// </summary>
    /// <param name="hashes">Of the users whose windows are looked at; null for all users of the ledger.</param>
    private async Task EraseReappearedAsync(HashSet<string>? hashes, CancellationToken cancellationToken)
    {
        await foreach (var page in windows.ReadUsersAsync(cancellationToken))
        {
            var erased = (await ledger.FindAsync(page, cancellationToken)).Where(e => hashes?.Contains(e.Value.UserHash) != false);
            await reappeared.EraseAsync(erased.ToDictionary(e => e.Key, e => Ledger.MarkOf(e.Value).Mark), cancellationToken);
        }

        if (cache is null)
            return;
        var stamps = await eraser.FindStampsAsync(cancellationToken);
        await foreach (var page in cache.ReadUsersAsync(cancellationToken))
            await cache.DeleteAsync((await ledger.FindAsync(page, cancellationToken)).Keys, stamps); // it is filled again from the database
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The windows had lost the marks of {Users} erased users. They are restored, "
            + "and what came back of these users is erased again")]
    private partial void LogLost(int users);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The database was compared with the ledger of erased users: {Rows} rows had come back and were deleted")]
    private partial void LogReviewed(int rows);
}
