using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Privacy.Merging;

/// <summary>Moves what lies under an alias in the record: attributes become the person's where the person has none of that name.</summary>
internal sealed class AliasAttributes(IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    private const string Moved = "{}";

    /// <summary>
    /// Gives the person what the alias has, once. Returns when the alias's attributes were set, null if there are none; a row without them
    /// stays until the person is due, so that a move that breaks off is repeated. An erasure comes before it or after it as a whole.
    /// </summary>
    public async Task<DateTime?> MoveAsync(string alias, string person, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Attributes.AnyAsync(a => a.UserId == alias, cancellationToken))
            return null;
        return await db.WriteAsync(async () =>
        {
            await db.LockPersonsAsync(cancellationToken);
            List<string> ids = [alias, person];
            var rows = await db.Attributes.Where(a => ids.Contains(a.UserId)).ToListAsync(cancellationToken);
            if (rows.Find(a => a.UserId == alias) is not { } moved)
                return (DateTime?)null;
            var own = rows.Find(a => a.UserId == person);
            var known = own?.ToValues() ?? [];
            if (moved.ToValues().Keys.Any(name => !known.ContainsKey(name)))
                Replace(db, own, Both(person, moved, own));
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

    private static void Replace(ProfileDbContext db, AttributesRow? own, AttributesRow both)
    {
        if (own is null)
            db.Attributes.Add(both);
        else
            db.Entry(own).CurrentValues.SetValues(both);
    }

    private AttributesRow Both(string person, AttributesRow moved, AttributesRow? own)
    {
        var values = own?.ToValues() ?? [];
        foreach (var (name, value) in moved.ToValues())
            values.TryAdd(name, value);
        return new AttributesRow
        {
            UserId = person,
            Values = JsonSerializer.Serialize(values),
            UpdatedAt = time.GetUtcNow().UtcDateTime,
        };
    }
}
