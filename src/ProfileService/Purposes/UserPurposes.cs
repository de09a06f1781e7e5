using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Purposes;

/// <summary>
/// What each user's data may be used for, in memory: it is asked wherever data is used. About 50 bytes for each user whose purposes are
/// not the default.
/// </summary>
internal sealed class UserPurposes(UserHash hashes, UserAliases aliases, IOptions<PurposeOptions> options)
{
    private readonly ConcurrentDictionary<UInt128, Purpose> _others = new(); // than the default
    private readonly Purpose _default = PurposeNames.Parse(options.Value.DefaultPurposes) ?? Purpose.None;
    private volatile bool _isAnyOther; // once true, it stays so

    public Purpose Default => _default;

    /// <summary>Whether the purpose is allowed for every user.</summary>
    public bool AllowAll(Purpose purpose) => !_isAnyOther && _default.HasFlag(purpose);

    /// <param name="purpose">One or more; all of them must be allowed.</param>
    public bool Allow(string userId, Purpose purpose) => Of(userId).HasFlag(purpose);

    /// <summary>Of an alias: what both the alias and the person allow, for a merge may just have begun.</summary>
    public Purpose Of(string userId) => !_isAnyOther ? _default
        : aliases.Find(userId) is { } alias ? OfId(userId) & OfId(alias.PersonId)
        : OfId(userId);

    private Purpose OfId(string userId) => _others.GetValueOrDefault(hashes.NumberOf(userId), _default);

    /// <summary>Takes a change.</summary>
    public void Take(PurposesRow row)
    {
        var (user, purposes) = (UserHash.NumberOfHash(row.UserHash), PurposeNames.FromRow(row));
        if (purposes == _default)
        {
            _others.TryRemove(user, out _);
            return;
        }

        _others[user] = purposes;
        _isAnyOther = true;
    }
}
