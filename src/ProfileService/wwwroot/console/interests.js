// Which categories a user cares for, and which the user turns down.

/**
 * The interests of either side, in their order; those that are turned down by how much. `share` is a part of what the events say
 * for categories, `against` a part of what they say for and against them; `inFavour` is what `share` is of the latter. The service lists
 * 20 categories at most, so that of a user with more `inFavour` is somewhat too high.
 */
export function sidesOf(interests = []) {
    const allInFavour = Math.max(0, 1 - interests.reduce((sum, { against = 0 }) => sum + against, 0));
    const weighed = interests.map(({ against = 0, ...rest }) => ({ ...rest, against, inFavour: rest.share * allInFavour }));
    return {
        liked: weighed.filter(({ share, inFavour, against }) => share > 0 && inFavour >= against),
        refused: weighed.filter(({ inFavour, against }) => against > inFavour).sort((a, b) => b.against - a.against),
    };
}
