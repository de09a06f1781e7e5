using System.Text;
using Microsoft.EntityFrameworkCore;
using ProfileService.Model;

namespace ProfileService.Profiles;

/// <summary>Which users have a profile.</summary>
internal sealed class UserDirectory(IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    /// <summary>Counting goes no further: it is read off an index, but row by row.</summary>
    public const int MostCounted = 1_000_000;

    private static readonly TimeSpan BetweenCounts = TimeSpan.FromSeconds(2);

    private volatile Counted? _counted;

    /// <summary>Ids that begin with the prefix and have a profile by this model, in the order of their UTF-8 bytes.</summary>
    /// <param name="prefix">May be empty.</param>
    /// <param name="count">How many at most, from 1.</param>
    public async Task<IReadOnlyList<string>> FindAsync(string prefix, ModelStamp model, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (id, digest, former) = model;
        var users = db.Profiles.AsNoTracking().Where(p => p.Model == id && (p.Digest == digest || p.Digest == former) && string.Compare(p.UserId, prefix) >= 0);
        if (AfterAll(prefix) is { } end)
            users = users.Where(p => string.Compare(p.UserId, end) < 0);
        return await users.OrderBy(p => p.UserId).Select(p => p.UserId).Take(count).ToListAsync(cancellationToken);
    }

    /// <summary>How many users have a profile by this model, as of two seconds ago at most; <see cref="MostCounted"/> for any more than that.</summary>
    /// <remarks>A package that took the place of another of its name counts the users of that one, too: the index that is counted by has no digests.</remarks>
    public async Task<int> CountAsync(string model, CancellationToken cancellationToken)
    {
        if (_counted is { } counted && counted.Model == model && time.GetElapsedTime(counted.At) < BetweenCounts)
            return counted.Users;
        var at = time.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var users = await db.Profiles.AsNoTracking().Where(p => p.Model == model).Select(p => p.UserId).Take(MostCounted).CountAsync(cancellationToken);
        _counted = new Counted(model, users, at);
        return users;
    }

    /// <summary>The least text above all that begin with the prefix, in the order of code points, which is that of UTF-8; null where there is none.</summary>
    public static string? AfterAll(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        while (runes is [.., var last])
        {
            runes.RemoveAt(runes.Count - 1);
            if (Next(last) is { } next)
                return string.Concat(runes.Append(next).Select(r => r.ToString()));
        }

        return null;
    }

    private static Rune? Next(Rune rune) => rune.Value switch
    {
        0x10FFFF => null,
        0xD7FF => new Rune(0xE000), // what lies between is no character
        var value => new Rune(value + 1),
    };

    private sealed record Counted(string Model, int Users, long At);
}
