using System.ComponentModel.DataAnnotations;
using ProfileService.Aggregates;
using ProfileService.Dimensions;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>The profile of a session.</summary>
/// <param name="Vector">
/// The profile vector, of unit length; by some models all zeros if nothing is known of the session. Compare only vectors of one model.
/// </param>
/// <param name="Dimension">Length of the model's vectors.</param>
/// <param name="Model">Name and version of the model that computed the profile.</param>
/// <param name="EventCount">Number of events that the profile was computed from: those that a window holds.</param>
/// <param name="Evidence">How much the profile is based on, 0 to 1, as of a user's profile.</param>
/// <param name="Dimensions">What the profile says in words and numbers.</param>
/// <param name="Items">What fits, the best first; left out unless it was asked for.</param>
/// <param name="Popular">What many users met, to fill up the items; left out unless it was asked for.</param>
/// <param name="After">
/// What the next page of the items is asked for with, beside the same events and attributes; left out if there is none.
/// </param>
/// <param name="UnknownFields">Names of fields of events that were passed over, up to 16; left out if there were none.</param>
/// <param name="Stale">True if the database could not be asked for later counts of popular items; left out otherwise.</param>
internal sealed record SessionProfile(
    float[] Vector,
    int Dimension,
    string Model,
    int EventCount,
    [Range(0d, 1d)] double Evidence,
    ProfileDimensions Dimensions,
    [MaxLength(QueryLimits.MaxCount)] IReadOnlyList<RecommendedItem>? Items = null,
    [MaxLength(QueryLimits.MaxCount)] IReadOnlyList<PopularItem>? Popular = null,
    [Text(RecommendationCursor.MaxLength)] string? After = null,
    IReadOnlyList<string>? UnknownFields = null,
    bool? Stale = null);
