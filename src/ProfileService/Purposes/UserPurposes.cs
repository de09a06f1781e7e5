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

    private readonly Lock _taking = new();
    private readonly Dictionary<UInt128, long> _ahead = []; // sequences of changes that are taken and were not read yet
    private long _read; // sequence of the last change that was read

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

    /// <summary>Sequence of the last change that was read: all changes up to it are taken.</summary>
    public long LastRead => Volatile.Read(ref _read);

    /// <summary>Takes a change of this process, unless a later one of the user is taken already.</summary>
    public void Take(PurposesRow row)
    {
        lock (_taking)
        {
            if (row.Sequence > _read && TryPut(row))
                _ahead[UserHash.NumberOfHash(row.UserHash)] = row.Sequence;
        }
    }

    /// <summary>Takes all changes that follow <see cref="LastRead"/>, or the first of them, in their order.</summary>
    public void TakeRead(IReadOnlyList<PurposesRow> rows)
    {
        lock (_taking)
        {
            foreach (var row in rows)
            {
                if (TryPut(row))
                    _ahead.Remove(UserHash.NumberOfHash(row.UserHash));
            }

            _read = rows[^1].Sequence;
        }
    }

    /// <summary>Returns false if a later change of the user is taken already.</summary>
    private bool TryPut(PurposesRow row)
    {
        var (user, purposes) = (UserHash.NumberOfHash(row.UserHash), PurposeNames.FromRow(row));
        if (_ahead.TryGetValue(user, out var later) && later > row.Sequence)
            return false;
        if (purposes == _default)
        {
            _others.TryRemove(user, out _);
            return true;
        }

        _others[user] = purposes;
        _isAnyOther = true;
        return true;
    }
}
