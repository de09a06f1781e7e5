using ProfileService.Windows;

namespace ProfileService.Privacy.Merging;

/// <summary>Makes one id an alias of another: in the database, then in this process's memory; then what lies under it is moved.</summary>
internal sealed class UserMerger(
    AliasWriter writer, AliasMover mover, ErasureWatch watch, IErasureMarks marks, IAliasWindows windows)
{
    /// <param name="userId">The person, or an alias of the person.</param>
    /// <param name="from">What becomes an alias.</param>
    /// <exception cref="UnreadableWindowException">
    /// One of the windows was altered or cut. If it is that of <paramref name="from"/>, nothing was done; otherwise it is done later.
    /// </exception>
    public async Task<Merge> MergeAsync(string userId, string from, CancellationToken cancellationToken)
    {
        var events = (await windows.FindAsync(from, cancellationToken))?.Stored.Window.Events.Count ?? 0;
        var mark = await marks.FindAsync(from, cancellationToken);
        var (outcome, person) = await writer.EnterAsync(userId, from, mark?.ErasedBefore ?? 0, cancellationToken);
        if (outcome is not (MergeOutcome.Merged or MergeOutcome.Known))
            return new Merge(outcome, person, 0);
        await watch.FollowAsync(cancellationToken);
        await mover.MoveAsync(from, cancellationToken);
        return new Merge(outcome, person, events);
    }
}

/// <summary>A merge, and what became of it.</summary>
/// <param name="PersonId">The id under which the person is known.</param>
/// <param name="Events">Number of events that were in the window of the alias.</param>
internal readonly record struct Merge(MergeOutcome Outcome, string PersonId, int Events);
