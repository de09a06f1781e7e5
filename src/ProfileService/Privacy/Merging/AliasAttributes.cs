using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Privacy.Merging;

/// <summary>Moves what lies under an alias in the record: attributes become the person's where the person has none of that name.</summary>
internal sealed class AliasAttributes(IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    /// <summary>Returns whether the person's attributes are others now. An erasure comes before it or after it as a whole.</summary>
    public async Task<bool> MoveAsync(string alias, string person, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Attributes.AnyAsync(a => a.UserId == alias, cancellationToken))
            return false;
        return await db.WriteAsync(async () =>
        {
            await db.LockPersonsAsync(cancellationToken);
            List<string> ids = [alias, person];
            var rows = await db.Attributes.Where(a => ids.Contains(a.UserId)).ToListAsync(cancellationToken);
            if (rows.Find(a => a.UserId == alias) is not { } moved)
                return false;
            var own = rows.Find(a => a.UserId == person);
            db.Attributes.Remove(moved);
            var isChanged = own is null || moved.ToValues().Keys.Except(own.ToValues().Keys).Any();
            if (isChanged)
                Replace(db, own, Both(person, moved, own));
            await db.SaveChangesAsync(cancellationToken);
            return isChanged;
        }, isAlone: false, cancellationToken);
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
