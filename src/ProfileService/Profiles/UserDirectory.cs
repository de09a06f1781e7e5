using System.Text;
using Microsoft.EntityFrameworkCore;
using ProfileService.Model;
using ProfileService.Storage;

namespace ProfileService.Profiles;

/// <summary>Which users have a profile.</summary>
internal sealed class UserDirectory(IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    /// <summary>Counting stops at this number, because it reads an index row by row.</summary>
    public const int MaxCounted = 1_000_000;

    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Counted? _counted;

    /// <summary>Ids that begin with the prefix and have a profile by this model, in the order of their UTF-8 bytes.</summary>
    /// <param name="prefix">May be empty.</param>
    /// <param name="after">The ids come after this one; empty for all.</param>
    /// <param name="count">Maximum number of ids, from 1.</param>
    public async Task<IReadOnlyList<string>> FindAsync(
        string prefix, string after, ModelStamp model, int count, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (id, digest, former) = model;
        var users = db.Profiles.AsNoTracking()
            .Where(p => p.Model == id && (p.Digest == digest || p.Digest == former) && string.Compare(p.UserId, prefix) >= 0);
        if (after.Length > 0)
            users = users.Where(p => string.Compare(p.UserId, after) > 0);
        if (AfterAll(prefix) is { } end)
            users = users.Where(p => string.Compare(p.UserId, end) < 0);
        return await users.OrderBy(p => p.UserId).Select(p => p.UserId).Take(count).ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Number of users with a profile by this model, at most two seconds old; <see cref="MaxCounted"/> stands for that many or more. All
    /// callers share one count.
    /// </summary>
    /// <remarks>Users of a former package with the same name are counted, too, because the index has no digests.</remarks>
    public Task<int> CountAsync(string model, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_counted is not { } last || last.Model != model || last.Users.IsFaulted
                || (last.Users.IsCompleted && time.GetElapsedTime(last.At) >= CountInterval))
            {
                _counted = new Counted(model, Task.Run(() => CountAsync(model), CancellationToken.None), time.GetTimestamp());
            }

            return _counted.Users.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The first text after all that begin with the prefix, in the order of UTF-8 bytes; null if there is none.</summary>
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

    private async Task<int> CountAsync(string model)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await db.Profiles.AsNoTracking().Where(p => p.Model == model).Select(p => p.UserId).Take(MaxCounted).CountAsync();
    }

    private static Rune? Next(Rune rune) => rune.Value switch
    {
        0x10FFFF => null,
        0xD7FF => new Rune(0xE000), // the surrogates between them are not characters
        var value => new Rune(value + 1),
    };

    private sealed record Counted(string Model, Task<int> Users, long At);
}
