using ProfileService.Events;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Privacy.Merging;
using ProfileService.Profiles;
using ProfileService.Similar;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>Erases users from every store and memory. Each step may be repeated. The comment below has the order and its reasons.</summary>
// 0. The other ids of the same persons (see PersonGroups).
// 1. Attributes (see DatabaseEraser).
// 2. Windows, with the mark and cached profiles: from now on no event from before is taken, and a window that begins anew has a revision
//    above the mark's floor.
//    Every claim, computed profile or cached profile from before has one up to the floor.
//    Then the database forgets the aliases.
// 3. The ledger: from now on no profile up to the floor is stored, and no event from before is archived.
// 4. What was stored until then: cached profiles of a model that became active meanwhile (their script knows the mark), profiles, vectors,
//    archived events.
// 5. The memories of all processes.
// 6. A look whether all of it is gone; then the stores' logs, where they can be emptied at once.
internal sealed class UserEraser(
    Erasures erasures,
    DatabaseEraser database,
    PersonGroups groups,
    AliasStore aliases,
    IWindowEraser windows,
    IErasureMarks erasureMarks,
    WindowsEraser eraser,
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

    private static readonly Task<int> Nothing = Task.FromResult(0);

    /// <param name="pending">Users of one erasure, which this process has leased.</param>
    public async Task EraseAsync(IReadOnlyList<PendingErasure> pending, CancellationToken cancellationToken)
    {
        var group = await groups.CompleteAsync(pending, cancellationToken);
        pending = group.Pending;
        var (receipt, requested) = (pending[0].Receipt, pending[0].RequestedAt);
        List<string> users = [.. pending.Select(p => p.UserId)];
        var (attributes, revisions, served) = (
            database.EraseAttributesAsync(pending, cancellationToken),
            database.FindRevisionsAsync(users, cancellationToken),
            database.FindStampsAsync(cancellationToken));
        await Task.WhenAll(attributes, revisions, served);
        var erased = await eraser.EraseAsync(group, await revisions, await served, cancellationToken);
        await database.SetWindowsErasedAsync(pending, cancellationToken);

        var marks = erased.ToDictionary(e => e.Key, e => e.Value.Mark);
        var stamps = await database.FindStampsAsync(cancellationToken); // after the marks, under which no other model's come to the cache
        await aliases.DeleteAsync([.. group.Aliases.Keys], cancellationToken); // before the ledger, by which processes forget them
        var sequence = await ledger.EnterAsync([.. marks.Select(m => MarkOf(m.Key, m.Value))], cancellationToken);
        var removed = await RemoveAsync(marks, requested, stamps, sequence, cancellationToken);
        await check.RunAsync(marks, stamps, cancellationToken);
        await erasures.EndAsync(receipt, users, removed with
        {
            Windows = erased.Values.Sum(e => e.Windows),
            Events = erased.Values.Sum(e => e.Events),
            CachedProfiles = removed.CachedProfiles + erased.Values.Sum(e => e.Copies),
            Attributes = await attributes,
        });
        await FinishAsync(cancellationToken);
    }

    /// <summary>Empties the stores' logs, which held the ids to the last, and records which erasures have ended.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (await erasures.FindEndedAsync(cancellationToken) is not { Count: > 0 } ended)
            return;
        await windows.PurgeAsync(cancellationToken);
        await database.PurgeAsync(cancellationToken);
        await erasures.SetGoneAsync(ended);
    }

    /// <summary>Steps 4 and 5, side by side: what one of them removes, no other brings back.</summary>
    private async Task<RemovedRows> RemoveAsync(
        Dictionary<string, ErasureMark> marks,
        DateTime requested,
        IReadOnlyList<ModelStamp> stamps,
        long sequence,
        CancellationToken cancellationToken)
    {
        List<string> users = [.. marks.Keys];
        List<ArchivedUser> archived = [.. marks.Select(m => new ArchivedUser(m.Key, m.Value.ErasedBefore))];
        var cachedProfiles = cache?.DeleteAsync(users, stamps) ?? Nothing;
        var profiles = EraseProfilesAsync(marks, cancellationToken);
        var events = archive?.DeleteAsync(archived, requested - ClockSkew, cancellationToken) ?? Nothing;
        var processes = watch.ForgetEverywhereAsync(users, sequence, cancellationToken);
        await Task.WhenAll(cachedProfiles, profiles, events, processes);
        var (deleted, indexed) = await profiles;
        return new RemovedRows(0, 0, await cachedProfiles, deleted, 0, indexed, await events, await processes);
    }

    private async Task<(int Profiles, int Vectors)> EraseProfilesAsync(
        Dictionary<string, ErasureMark> marks, CancellationToken cancellationToken)
    {
        var deleted = await database.EraseProfilesAsync(marks, cancellationToken);
        return vectors is null
            ? (deleted, 0)
            : (deleted, await vectors.DeleteAsync([.. marks.Keys], [.. marks.Values.Select(m => m.Floor)], cancellationToken));
    }

    private LedgerMark MarkOf(string userId, ErasureMark mark)
    {
        var (partition, partitions) = erasureMarks.PlaceOf(userId);
        return new LedgerMark(hashes.Of(userId), partition, partitions, mark);
    }
}
