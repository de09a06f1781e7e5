// Users that have a profile.

import { getJson, ifAllowed, postJson } from '../api.js';

/** Up to `most` users whose id begins so, after the id `after`, and how many users there are in all. */
export const findUsers = (prefix, most, signal, after = '') =>
    ifAllowed('users:list', () => getJson(`v1/users?${new URLSearchParams({ prefix, count: most, after })}`, { signal }));

/** The profiles of many users by one call, by their id; a user without one is not in it. */
export async function findProfiles(userIds, signal) {
    const { profiles } = await ifAllowed('profiles:read', () => postJson('v1/profiles/lookup', { userIds }, { signal }));
    return new Map(profiles.map(profile => [profile.userId, profile]));
}
