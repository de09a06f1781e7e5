using ProfileService.Events;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Similar;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>Erases users from every store and memory. Each step may be repeated. The comment below has the order and its reasons.</summary>
// 1. Attributes (see RecordEraser).
// 2. Windows, with the mark: from now on no event of before is taken, and a window that begins anew has a revision above the mark's floor.
//    Every claim, computed profile or cached profile of before has one up to the floor.
// 3. The ledger: from now on no profile up to the floor is stored, and no event of before is archived.
// 4. What was stored until then: cached profiles (whose script knows the mark), profiles, vectors, archived events.
// 5. The memories of all processes.
// 6. A look whether all of it is gone; then the stores' logs, where they can be emptied at once.
internal sealed class UserEraser(
    Erasures erasures,
    RecordEraser record,
    IWindowEraser windows,
    GoneCheck check,
    Ledger ledger,
    ErasureWatch watch,
    UserHash hashes,
    ProfileCache? cache = null,
    PgvectorTable? vectors = null,
    ArchiveEraser? archive = null)
{
    // How far clocks of replicas may be apart. What was archived longer before the request goes whatever its timestamp.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <param name="pending">Users of one erasure, which this process has leased.</param>
    public async Task EraseAsync(IReadOnlyList<PendingErasure> pending, CancellationToken cancellationToken)
    {
        var (receipt, requested) = (pending[0].Receipt, pending[0].RequestedAt);
        List<string> users = [.. pending.Select(p => p.UserId)];
        var attributes = await record.EraseAttributesAsync(pending, cancellationToken);
        var erased = await EraseWindowsAsync(receipt, users, cancellationToken);
        var marks = erased.ToDictionary(e => e.Key, e => e.Value.Mark);
        var sequence = await ledger.EnterAsync([.. marks.Select(m => MarkOf(m.Key, m.Value))], cancellationToken);

        var removed = new RemovedRows(
            erased.Values.Sum(e => e.Windows),
            erased.Values.Sum(e => e.Events),
            cache is null ? 0 : await cache.DeleteAsync(users, await record.FindStampsAsync(cancellationToken)),
            await record.EraseProfilesAsync(marks, cancellationToken),
            attributes,
            vectors is null ? 0 : await vectors.DeleteAsync([.. users], [.. users.Select(u => marks[u].Floor)], cancellationToken),
            archive is null ? 0 : await archive.DeleteAsync(
                [.. users.Select(u => new ArchivedUser(u, marks[u].ErasedBefore))], requested - ClockSkew, cancellationToken),
            await watch.ForgetEverywhereAsync(users, sequence, cancellationToken));
        await check.RunAsync(marks, cancellationToken);
        await erasures.EndAsync(receipt, users, removed);
        await FinishAsync(cancellationToken);
    }

    /// <summary>Empties the stores' logs, which held the ids to the last, and records which erasures have ended.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (await erasures.FindEndedAsync(cancellationToken) is not { Count: > 0 } ended)
            return;
        await windows.PurgeAsync(cancellationToken);
        await record.PurgeAsync(cancellationToken);
        await erasures.SetGoneAsync(ended);
    }

    private async Task<IReadOnlyDictionary<string, ErasedWindow>> EraseWindowsAsync(
        string receipt, IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        var (order, revisions) = (Erasures.OrderOf(receipt), await record.FindRevisionsAsync(users, cancellationToken));
        var erased = await Task.WhenAll(users.Select(async user =>
            (User: user, Window: await windows.EraseAsync(user, order, revisions.GetValueOrDefault(user), cancellationToken))));
        return erased.ToDictionary(e => e.User, e => e.Window);
    }

    private LedgerMark MarkOf(string userId, ErasureMark mark)
    {
        var (partition, partitions) = windows.PlaceOf(userId);
        return new LedgerMark(hashes.Of(userId), partition, partitions, mark);
    }
}
