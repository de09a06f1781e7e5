// Users that have a profile.

import { getJson, ifAllowed, postJson } from '../api.js';

/** Up to `most` users whose id begins so, after the id `after`, and how many users there are in all. */
export const findUsers = (prefix, most, signal, after = '') =>
    ifAllowed('users:list', () => getJson(`v1/users?${new URLSearchParams({ prefix, count: most, after })}`, { signal }));

/** The profiles of many users by one call, by the id asked for; a user without one is not in it. That of an alias is the person's. */
export async function findProfiles(userIds, signal) {
    const { profiles, missing, unavailable = [] } =
        await ifAllowed('profiles:read', () => postJson('v1/profiles/lookup', { userIds }, { signal }));
    const found = userIds.filter(userId => ![...missing, ...unavailable].includes(userId)); // both are in the order asked
    return new Map(profiles.map((profile, i) => [found[i], profile]));
}
