using ProfileService.Intake;

namespace ProfileService.Windows;

/// <summary>
/// A window store whose changes are counted in <see cref="UserChanges"/>, also those that fail, for a part of them may be stored. It is the
/// only one that the service gives out, so that nobody has to remember to count.
/// </summary>
internal sealed class CountedWindowStore(IWindowStore store, UserChanges changes) : IWindowStore
{
    public async Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            return await store.AppendAsync(events, cancellationToken);
        }
        finally
        {
            changes.Note(events.Select(e => e.UserId));
        }
    }

    public async Task TouchAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        try
        {
            await store.TouchAsync(userIds, cancellationToken);
        }
        finally
        {
            changes.Note(userIds);
        }
    }

    public async Task<bool> MendAsync(string userId, IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            return await store.MendAsync(userId, events, cancellationToken);
        }
        finally
        {
            changes.Note([userId]);
        }
    }

    public Task<StoredWindow?> FindAsync(string userId, CancellationToken cancellationToken) => store.FindAsync(userId, cancellationToken);

    public Task<long?> FindRevisionAsync(string userId, CancellationToken cancellationToken) => store.FindRevisionAsync(userId, cancellationToken);

    public Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        store.FindRevisionsAsync(userIds, cancellationToken);

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) => store.IsEmptyAsync(cancellationToken);

    /// <summary>Is not counted: a window that is gone confirms no profile, and the profile itself stands.</summary>
    public Task<int> DropIdleAsync(CancellationToken cancellationToken) => store.DropIdleAsync(cancellationToken);
}
