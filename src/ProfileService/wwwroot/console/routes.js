// What the part of the address behind # stands for. It never reaches the server, so that no log there holds a user id for it.

export const homeAddress = '#/';
export const serviceAddress = '#/service';

/** The address of a user, whatever characters the id has. */
export const userAddress = userId => `#/users/${encodeURIComponent(userId)}`;

/** Which page an address names: home, service, or user with `userId`; null for an address that is not of a page. */
export function routeOf(hash) {
    if (hash === '' || hash === '#' || hash === homeAddress)
        return { page: 'home' };
    if (hash === serviceAddress)
        return { page: 'service' };
    const user = /^#\/users\/(.+)$/.exec(hash);
    return user ? { page: 'user', userId: decode(user[1]) } : hash.startsWith('#/') ? { page: 'home' } : null;
}

function decode(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text; // typed by hand, with a lone %
    }
}
