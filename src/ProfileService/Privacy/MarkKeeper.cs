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
    IWindowEraser windows,
    IWindowStore store,
    DatabaseReview database,
    DatabaseEraser eraser,
    Erasures erasures,
    IOptions<PrivacyOptions> options,
    TimeProvider time,
    ILogger<MarkKeeper> logger,
    ProfileCache? cache = null)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    // Restored by this process. A process that dies leaves them in the windows, and the next one that starts finds them there.
    private readonly ConcurrentDictionary<string, LedgerMark> _unreviewed = new(StringComparer.Ordinal);

    /// <summary>Compares all marks.</summary>
    public async Task RestoreAllAsync(CancellationToken cancellationToken)
    {
        await RestoreAsync(DateTime.MinValue, await FindUnreviewedAsync(cancellationToken), cancellationToken);
        var isDatabaseOlder = await EnterUnknownAsync(cancellationToken);
        if (options.Value.Reconcile)
            await EraseReturnedAsync(null, cancellationToken);
        if (isDatabaseOlder || options.Value.Reconcile)
            LogReviewed(await database.EraseReturnedAsync(cancellationToken));
    }

    /// <summary>
    /// Sets the marks of users that were erased since a time, if they are missing; then erases what came back of them, and of those for
    /// whom that failed before.
    /// </summary>
    public Task RestoreAsync(DateTime since, CancellationToken cancellationToken) => RestoreAsync(since, [], cancellationToken);

    private async Task RestoreAsync(DateTime since, HashSet<string> unreviewed, CancellationToken cancellationToken)
    {
        await foreach (var page in ledger.ReadAsync(since, cancellationToken))
        {
            var set = await windows.RestoreAsync(page, cancellationToken);
            foreach (var mark in page.Where(m => set.Contains(m.UserHash) || unreviewed.Contains(m.UserHash)))
                _unreviewed[mark.UserHash] = mark;
        }

        if (!_unreviewed.IsEmpty)
            await ReviewAsync([.. _unreviewed.Values], cancellationToken);
    }

    private async Task ReviewAsync(IReadOnlyList<LedgerMark> restored, CancellationToken cancellationToken)
    {
        LogLost(restored.Count);
        await EraseReturnedAsync([.. restored.Select(m => m.UserHash)], cancellationToken);
        await windows.ConfirmAsync(restored, cancellationToken);
        foreach (var mark in restored)
            _unreviewed.TryRemove(new(mark.UserHash, mark)); // unless it was lost again meanwhile
    }

    /// <summary>Hashes of users whose marks were restored by a process that did not get further.</summary>
    private async Task<HashSet<string>> FindUnreviewedAsync(CancellationToken cancellationToken)
    {
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var page in windows.ReadMarksAsync(cancellationToken))
            hashes.UnionWith(page.Where(m => m.Mark.Order == ErasureMark.Unreviewed).Select(m => m.UserHash));
        return hashes;
    }

    /// <summary>Enters marks of the windows that the ledger lacks or has lower; returns whether there were any.</summary>
    private async Task<bool> EnterUnknownAsync(CancellationToken cancellationToken)
    {
        var isAny = false;
        await foreach (var page in windows.ReadMarksAsync(cancellationToken))
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
                await Task.Delay(BetweenTries, time, cancellationToken);
            }
        }
    }

    /// <param name="hashes">Of the users to look for; null for all.</param>
    private async Task EraseReturnedAsync(HashSet<string>? hashes, CancellationToken cancellationToken)
    {
        await foreach (var page in windows.ReadUsersAsync(cancellationToken))
        {
            var returned = new List<string>();
            foreach (var (userId, erased) in await ledger.FindAsync(page, cancellationToken))
            {
                var mark = new ErasureMark(erased.ErasedBefore, erased.RevisionFloor, erased.Order);
                if (hashes?.Contains(erased.UserHash) != false && await IsOfBeforeAsync(userId, mark, cancellationToken))
                    returned.Add(userId);
            }

            if (returned.Count > 0)
                await erasures.RequestAsync(returned, cancellationToken);
        }

        if (cache is null)
            return;
        var stamps = await eraser.FindStampsAsync(cancellationToken);
        await foreach (var page in cache.ReadUsersAsync(cancellationToken))
            await cache.DeleteAsync((await ledger.FindAsync(page, cancellationToken)).Keys, stamps); // it is filled again from the database
    }

    /// <summary>Whether the window has something of before the erasure. In doubt it has, and is erased as a whole.</summary>
    private async Task<bool> IsOfBeforeAsync(string userId, ErasureMark mark, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindAsync(userId, cancellationToken) is { } window
                && (window.Revision <= mark.Floor || window.Window.Events.Any(mark.Covers));
        }
        catch (UnreadableWindowException)
        {
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The windows had lost the marks of {Users} erased users. They are restored, "
            + "and what came back of these users is erased again")]
    private partial void LogLost(int users);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The database was compared with the ledger of erased users: {Rows} rows had come back and were deleted")]
    private partial void LogReviewed(int rows);
}
