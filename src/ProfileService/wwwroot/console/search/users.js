// Users that have a profile.

import { getJson, ifAllowed } from '../api.js';

/** Up to `most` users whose id begins so, and how many users there are in all. */
export const findUsers = (prefix, most, signal) =>
    ifAllowed('users:list', () => getJson(`v1/users?${new URLSearchParams({ prefix, count: most })}`, { signal }));
