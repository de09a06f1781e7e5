// Which categories a user cares for, and which the user turns down.

/**
 * The interests of either side: liked in the service's order, refused with the strongest first. `share` is relative to what the events
 * say for all categories; `against` and `inFavour` are relative to what they say for and against all. The service lists at most 20
 * categories; if a user has more, `inFavour` is slightly too high.
 */
export function sidesOf(interests = []) {
    const allInFavour = Math.max(0, 1 - interests.reduce((sum, { against = 0 }) => sum + against, 0));
    const weighed = interests.map(({ against = 0, ...rest }) => ({ ...rest, against, inFavour: rest.share * allInFavour }));
    return {
        liked: weighed.filter(({ share, inFavour, against }) => share > 0 && inFavour >= against),
        refused: weighed.filter(({ inFavour, against }) => against > inFavour).sort((a, b) => b.against - a.against),
    };
}
