using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Privacy.Merging;

/// <summary>Moves an alias's rows in the database: attributes become the person's where the person has none of that name.</summary>
internal sealed class AliasAttributes(IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    private const string Moved = "{}";

    /// <summary>
    /// Gives the person what the alias has, once, if it is an alias of this person. Returns when the alias's attributes were set, null if
    /// there are none; a row without them stays until the person is due, so that a move that breaks off is repeated. A merge or an erasure
    /// comes before it or after it as a whole, and so do attributes that are put meanwhile, the alias's or the person's.
    /// </summary>
    public async Task<DateTime?> MoveAsync(string alias, string person, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Attributes.AnyAsync(a => a.UserId == alias, cancellationToken))
            return null;
        return await db.WriteAsync(async () =>
        {
            await db.LockPersonsAsync(cancellationToken);
            if (!await db.Aliases.AnyAsync(a => a.UserId == alias && a.PersonId == person, cancellationToken))
                return (DateTime?)null;
            if (await db.Attributes.AsNoTracking().SingleOrDefaultAsync(a => a.UserId == alias, cancellationToken) is not { } found)
                return null;
            if (found.Values == Moved)
                return found.UpdatedAt;
            await LockAsync(db, alias, person, cancellationToken);
            var moved = await db.Attributes.SingleAsync(a => a.UserId == alias, cancellationToken);
            var own = await db.Attributes.SingleAsync(a => a.UserId == person, cancellationToken);
            if (moved.ToValues().Keys.Except(own.ToValues().Keys).Any())
                db.Entry(own).CurrentValues.SetValues(Both(moved, own));
            // Nothing to repeat: what the person drops meanwhile would come back.
            db.Entry(moved).Property(a => a.Values).CurrentValue = Moved;
            await db.SaveChangesAsync(cancellationToken);
            return moved.UpdatedAt;
        }, isAlone: false, cancellationToken);
    }

    /// <summary>Deletes the alias's row, unless attributes were set after this time.</summary>
    public async Task DeleteAsync(string alias, DateTime until, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Attributes.Where(a => a.UserId == alias && a.UpdatedAt <= until).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>
    /// Locks both rows to the end of the transaction, in the order in which attributes are stored: others wait, and none of them for each
    /// other. Makes an empty row where there is none, because only a row can be locked.
    /// </summary>
    private async Task LockAsync(ProfileDbContext db, string alias, string person, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var userId in new[] { alias, person }.Order(StringComparer.Ordinal))
        {
            await db.Database.ExecuteSqlAsync(
                $$"""
                INSERT INTO attributes (user_id, attributes, updated_at) VALUES ({{userId}}, '{}', {{now}})
                ON CONFLICT (user_id) DO UPDATE SET updated_at = attributes.updated_at
                """, cancellationToken);
        }
    }

    private AttributesRow Both(AttributesRow moved, AttributesRow own)
    {
        var values = own.ToValues();
        foreach (var (name, value) in moved.ToValues())
            values.TryAdd(name, value);
        return new AttributesRow
        {
            UserId = own.UserId,
            Values = JsonSerializer.Serialize(values),
            UpdatedAt = time.GetUtcNow().UtcDateTime,
        };
    }
}
