using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Profiles;

/// <summary>
/// Which profiles of some users must not be stored or shown: those from before an erasure, and those that purposes do not allow.
/// </summary>
internal sealed class Refusals
{
    private readonly IReadOnlyDictionary<string, long> _floors;
    private readonly IReadOnlyDictionary<string, bool> _allowed;
    private readonly bool _isAllowedByDefault;

    private Refusals(IReadOnlyDictionary<string, long> floors, IReadOnlyDictionary<string, bool> allowed, bool isAllowedByDefault) =>
        (_floors, _allowed, _isAllowedByDefault) = (floors, allowed, isAllowedByDefault);

    /// <param name="hashes">Hashes of the users' ids.</param>
    /// <param name="isAllowedByDefault">Whether a user who has set no purposes may have a profile.</param>
    public static async Task<Refusals> FindAsync(
        ProfileDbContext db, IEnumerable<string> hashes, bool isAllowedByDefault, CancellationToken cancellationToken)
    {
        var asked = hashes.ToList();
        if (asked.Count == 0)
            return new Refusals(new Dictionary<string, long>(), new Dictionary<string, bool>(), isAllowedByDefault);
        // Usually nobody was erased, and checking that first is cheaper.
        var floors = await db.ErasedUsers.AnyAsync(cancellationToken)
            ? await db.ErasedUsers.AsNoTracking().Where(e => asked.Contains(e.UserHash))
                .ToDictionaryAsync(e => e.UserHash, e => e.RevisionFloor, cancellationToken)
            : [];
        var allowed = await db.Purposes.AsNoTracking().Where(p => p.IsLatest && asked.Contains(p.UserHash))
            .ToDictionaryAsync(p => p.UserHash, p => p.Profile, cancellationToken);
        return new Refusals(floors, allowed, isAllowedByDefault);
    }

    public bool Cover(string hash, long revision) =>
        revision <= _floors.GetValueOrDefault(hash, -1) || !_allowed.GetValueOrDefault(hash, _isAllowedByDefault);
}
