// What the part of the address behind # stands for. It never reaches the server, so that no log there holds a user id for it.

export const homeAddress = '#/';
export const serviceAddress = '#/service';

/** The address of a user, whatever characters the id has. */
export const userAddress = userId => `#/users/${encodeURIComponent(userId)}`;

/** A page of the users, or of the items, whose fields `prefix`, `query` and `after` say which; empty ones are left out. */
export const usersAddress = fields => withFields('#/users', fields);
export const itemsAddress = fields => withFields('#/items', fields);

/** Two users side by side; either may be empty. */
export const compareAddress = (a, b) => withFields('#/compare', { a, b });

const pages = {
    '': 'home', '#': 'home', '#/': 'home', '#/users': 'users', '#/compare': 'compare', '#/items': 'items', '#/service': 'service',
};

/** Which page an address names, with the fields behind its `?`, or `userId` of a user; null for an address that is not of a page. */
export function routeOf(hash) {
    const [path, fields] = hash.split(/\?(.*)/s);
    const page = pages[path];
    if (page)
        return { ...Object.fromEntries(new URLSearchParams(fields ?? '')), page };
    const user = /^#\/users\/(.+)$/.exec(hash);
    return user ? { page: 'user', userId: decode(user[1]) } : hash.startsWith('#/') ? { page: 'home' } : null;
}

function withFields(path, fields = {}) {
    const written = Object.entries(fields).filter(([, value]) => value);
    return written.length > 0 ? `${path}?${new URLSearchParams(written)}` : path;
}

function decode(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text; // typed by hand, with a lone %
    }
}
