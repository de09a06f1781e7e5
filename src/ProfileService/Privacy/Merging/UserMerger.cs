using ProfileService.Windows;

namespace ProfileService.Privacy.Merging;

/// <summary>Makes one id an alias of another: in the record, then in this process's memory; then what lies under it is moved.</summary>
internal sealed class UserMerger(AliasWriter writer, AliasMover mover, ErasureWatch watch, IWindowEraser windows)
{
    /// <param name="userId">The person, or an alias of the person.</param>
    /// <param name="from">What becomes an alias.</param>
    public async Task<Merge> MergeAsync(string userId, string from, CancellationToken cancellationToken)
    {
        var mark = await windows.FindMarkAsync(from, cancellationToken);
        var (outcome, person) = await writer.EnterAsync(userId, from, mark?.ErasedBefore ?? 0, cancellationToken);
        if (outcome is not (MergeOutcome.Merged or MergeOutcome.Known))
            return new Merge(outcome, person, 0);
        await watch.FollowAsync(cancellationToken);
        return new Merge(outcome, person, await mover.MoveAsync(from, cancellationToken) ?? 0);
    }
}

/// <summary>A merge, and what became of it.</summary>
/// <param name="PersonId">The id under which the person is known.</param>
/// <param name="Events">Number of events that its window took.</param>
internal readonly record struct Merge(MergeOutcome Outcome, string PersonId, int Events);
