using ProfileService.Model;

namespace ProfileService.Flows;

/// <summary>Up to where the changes can be read: all up to these numbers are visible to whoever reads later.</summary>
/// <param name="GivenToProfiles">
/// The highest number that was given to a profile; some of those above <paramref name="Profiles"/> may be visible already.
/// </param>
/// <param name="Model">
/// The active model, read from the database after the numbers. A profile up to them is by this model, or by one that it has superseded:
/// whoever goes on after the numbers misses no profile by the active model.
/// </param>
internal sealed record ChangeHorizon(
    long Profiles, long GivenToProfiles, long Erasures, long Refusals, long Aliases, ModelStamp Model)
{
    public ChangeCursor Cursor => new(Profiles, Erasures, Refusals, Aliases);

    /// <summary>Whether there may be something after the cursor.</summary>
    public bool IsAfter(ChangeCursor cursor) =>
        Profiles > cursor.Profiles || Erasures > cursor.Erasures || Refusals > cursor.Refusals || Aliases > cursor.Aliases;

    /// <summary>Whether the cursor cannot be of this database, as it stands now.</summary>
    public bool IsBefore(ChangeCursor cursor) =>
        cursor.Profiles > GivenToProfiles || cursor.Erasures > Erasures || cursor.Refusals > Refusals || cursor.Aliases > Aliases;
}
