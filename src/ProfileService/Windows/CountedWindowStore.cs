using ProfileService.Intake;

namespace ProfileService.Windows;

/// <summary>
/// Counts the changes of a window store in <see cref="UserChanges"/>, including failed ones, because a part of them may be stored, and
/// takes an alias for its person. Only this store is registered as <see cref="IWindowStore"/>, so that no caller has to do either.
/// </summary>
internal sealed class CountedWindowStore(IWindowStore store, UserChanges changes, UserAliases aliases) : IWindowStore
{
    public Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken) =>
        AliasedEvents.Of(events, aliases) is { } aliased
            ? AppendAsync(aliased, cancellationToken)
            : AppendToPersonsAsync(events, cancellationToken);

    private async Task<IReadOnlyList<Verdict>> AppendAsync(AliasedEvents aliased, CancellationToken cancellationToken) =>
        aliased.Verdicts(await AppendToPersonsAsync(aliased.Taken, cancellationToken));

    private async Task<IReadOnlyList<Verdict>> AppendToPersonsAsync(
        IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken)
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
        userIds = PersonsOf(userIds);
        try
        {
            await store.TouchAsync(userIds, cancellationToken);
        }
        finally
        {
            changes.Note(userIds);
        }
    }

    /// <param name="events">Events of the person, whatever ids they have.</param>
    public async Task<bool> MendAsync(string userId, IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken)
    {
        userId = aliases.PersonOf(userId);
        events = AliasedEvents.Of(events, aliases)?.Taken ?? events;
        try
        {
            return await store.MendAsync(userId, events, cancellationToken);
        }
        finally
        {
            changes.Note([userId]);
        }
    }

    public Task<StoredWindow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        store.FindAsync(aliases.PersonOf(userId), cancellationToken);

    public Task<SeenItems?> FindSeenAsync(string userId, CancellationToken cancellationToken) =>
        store.FindSeenAsync(aliases.PersonOf(userId), cancellationToken);

    public Task<long?> FindRevisionAsync(string userId, CancellationToken cancellationToken) =>
        store.FindRevisionAsync(aliases.PersonOf(userId), cancellationToken);

    public Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        store.FindRevisionsAsync(PersonsOf(userIds), cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<string>> ReadUsersAsync(CancellationToken cancellationToken) =>
        store.ReadUsersAsync(cancellationToken);

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken) => store.IsEmptyAsync(cancellationToken);

    /// <summary>Not counted, because no profile changes.</summary>
    public Task<bool> RemoveTextsAsync(string userId, TextRemoval removal, CancellationToken cancellationToken) =>
        store.RemoveTextsAsync(userId, removal, cancellationToken);

    /// <summary>Not counted: without a window no profile is confirmed, and the profile itself does not change.</summary>
    public Task<int> DropIdleAsync(CancellationToken cancellationToken) => store.DropIdleAsync(cancellationToken);

    private IReadOnlyList<string> PersonsOf(IReadOnlyList<string> userIds) =>
        aliases.IsAny ? [.. userIds.Select(aliases.PersonOf)] : userIds;
}
