using ProfileService.Windows;

namespace ProfileService.Privacy.Merging;

/// <summary>
/// Moves all that lies under an alias to its person. Each step may be repeated, so that whoever finds the alias in the database goes on
/// where another one stopped: purposes first, so that nothing is used for what either id did not allow.
/// </summary>
internal sealed class AliasMover(
    AliasStore store,
    PurposeSetter purposes,
    WindowMover mover,
    AliasAttributes attributes,
    IWindowStore windows,
    DatabaseEraser database,
    ProfileCopies copies)
{
    /// <summary>
    /// Does nothing if it is no alias any more. If it becomes another person's meanwhile, whoever moves it there records that it is moved.
    /// </summary>
    /// <exception cref="UnreadableWindowException">One of the windows was altered or cut; nothing is lost then.</exception>
    public async Task MoveAsync(string alias, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { PersonId: var person })
            return;
        await purposes.NarrowAsync(person, cancellationToken);
        await mover.MoveAsync(alias, FindAsync, cancellationToken);
        await MoveAttributesAsync(alias, person, cancellationToken);
        if ((await FindAsync(cancellationToken))?.PersonId != person)
            return;
        await database.DeleteProfilesAsync([alias], cancellationToken);
        await copies.RemoveAsync([alias], cancellationToken);
        await store.SetMovedAsync(alias, person, cancellationToken);

        async Task<UserAlias?> FindAsync(CancellationToken token) =>
            await store.FindAsync(alias, token) is { } row ? AliasStore.AliasOf(row) : null;
    }

    private async Task MoveAttributesAsync(string alias, string person, CancellationToken cancellationToken)
    {
        if (await attributes.MoveAsync(alias, person, cancellationToken) is not { } setAt)
            return;
        await windows.TouchAsync([person], cancellationToken);
        await attributes.DeleteAsync(alias, setAt, cancellationToken);
    }
}
