using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Privacy.Merging;

/// <summary>Moves what lies under an alias in the record: attributes become the person's where the person has none of that name.</summary>
internal sealed class AliasAttributes(IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    /// <summary>
    /// Gives the person what the alias has. Returns when the alias's attributes were set, null if there are none; they stay until the
    /// person is due, so that a move that breaks off is repeated. An erasure comes before the copy or after it as a whole.
    /// </summary>
    public async Task<DateTime?> CopyAsync(string alias, string person, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Attributes.AnyAsync(a => a.UserId == alias, cancellationToken))
            return null;
        return await db.WriteAsync(async () =>
        {
            await db.LockPersonsAsync(cancellationToken);
            List<string> ids = [alias, person];
            var rows = await db.Attributes.Where(a => ids.Contains(a.UserId)).ToListAsync(cancellationToken);
            if (rows.Find(a => a.UserId == alias) is not { } copied)
                return (DateTime?)null;
            var own = rows.Find(a => a.UserId == person);
            if (own is null || copied.ToValues().Keys.Except(own.ToValues().Keys).Any())
                Replace(db, own, Both(person, copied, own));
            await db.SaveChangesAsync(cancellationToken);
            return copied.UpdatedAt;
        }, isAlone: false, cancellationToken);
    }

    /// <summary>Deletes the alias's attributes, unless they were set after this time.</summary>
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

    private AttributesRow Both(string person, AttributesRow copied, AttributesRow? own)
    {
        var values = own?.ToValues() ?? [];
        foreach (var (name, value) in copied.ToValues())
            values.TryAdd(name, value);
        return new AttributesRow
        {
            UserId = person,
            Values = JsonSerializer.Serialize(values),
            UpdatedAt = time.GetUtcNow().UtcDateTime,
        };
    }
}
