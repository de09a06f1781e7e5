using ProfileService.Windows;

namespace ProfileService.Purposes;

/// <summary>
/// Whether what was read or computed of a user's profile may be kept in this process's memory: not if the user was erased since, is another
/// one's alias, or does not allow a profile. Whoever keeps it asks again afterwards, because that may change meanwhile.
/// </summary>
internal sealed class KeepingRule(ErasedUsers erased, UserAliases aliases, UserPurposes purposes)
{
    /// <param name="revision">Of the profile.</param>
    public bool MayKeep(string userId, long revision) =>
        !erased.Covers(userId, revision) && aliases.Find(userId) is null && purposes.Allow(userId, Purpose.Profile);
}
