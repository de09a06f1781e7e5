using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Privacy.Export;

/// <summary>The row of an id that is the user's alias.</summary>
internal sealed class AliasSource(IDbContextFactory<ProfileDbContext> contexts) : IExportSource
{
    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Aliases.AsNoTracking().Where(a => a.UserId == userId).ToListAsync(cancellationToken);
        return [ExportSection.Of("aliases", ["user_aliases"], found.ConvertAll(ExportedAlias.From))];
    }
}

/// <summary>An id that is an alias of the user's.</summary>
/// <param name="UserId">The alias.</param>
/// <param name="ErasedBefore">Events of the alias until then are not taken; left out if it was never erased.</param>
/// <param name="MovedAt">When nothing lay under the alias any more; left out before.</param>
internal sealed record ExportedAlias(
    string UserId, string PersonId, DateTime MergedAt, DateTime? MovedAt, DateTime? ErasedBefore, long Sequence)
{
    public static ExportedAlias From(AliasRow a) => new(
        a.UserId, a.PersonId, a.MergedAt, a.MovedAt, a.ErasedBefore == 0 ? null : Platform.EventTime.ToUtc(a.ErasedBefore), a.Sequence);
}
