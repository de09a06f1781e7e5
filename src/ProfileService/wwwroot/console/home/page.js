// The way in: a few users at once.

import { card } from '../card.js';
import { bars } from '../charts/bars.js';
import { el } from '../dom.js';
import { many, percent } from '../format.js';
import { sidesOf } from '../interests.js';
import { userAddress, usersAddress } from '../routes.js';
import { findProfiles, findUsers } from '../search/users.js';

const examples = 9;
const asked = 60; // of which the examples are a spread

export async function homePage(_, signal) {
    const node = el('div', { class: 'page' },
        el('div', { class: 'head' },
            el('h1', { tabindex: -1 }, 'Who is this user, now?'),
            el('p', { class: 'lead' }, 'Every event a user sends moves a profile: what they care for, when they come, what they are about to do. Find a user above, or begin with one of these.')));
    node.append(...await exampleUsers(signal));
    return { title: 'Users', node };
}

async function exampleUsers(signal) {
    try {
        const { users, total } = await findUsers('', asked, signal);
        return users.length === 0 ? [noUsers()] : [
            el('p', { class: 'muted' }, `${many(total, 'user')} with a profile. `, el('a', { href: usersAddress() }, 'See all')),
            el('ul', { class: 'tiles examples' }, await exampleRows(spread(users), signal)),
        ];
    } catch (problem) {
        if (!problem.isLacking)
            throw problem;
        return [el('p', { class: 'note' }, problem.status === 403 ? problem.message : 'This service does not list its users.', ' Type a whole id into the search field and press Enter.')];
    }
}

// The first of one prefix look alike; those far apart do not.
const spread = users => Array.from({ length: Math.min(examples, users.length) }, (_, i) => users[Math.floor(i * users.length / Math.min(examples, users.length))]);

// Their profiles come by one call; without them the ids are still links.
async function exampleRows(users, signal) {
    const known = await findProfiles(users, signal).catch(() => new Map());
    return users.map(userId => exampleUser(userId, known.get(userId)));
}

function exampleUser(userId, profile) {
    const interests = sidesOf(profile?.dimensions?.interests).liked.slice(0, 3);
    return el('li', {}, el('a', { class: 'card example', href: userAddress(userId) },
        el('strong', {}, userId),
        interests.length > 0
            ? bars(interests.map(({ category, share }) => ({ name: category, share, value: percent(share) })), { full: 1 })
            : profile && el('span', { class: 'muted' }, many(profile.eventCount, 'event'))));
}

function noUsers() {
    const empty = card('No user has a profile yet');
    empty.show(
        el('p', {}, 'Post events to ', el('code', {}, '/v1/events'), ', or start the service with the demo shop: ', el('code', {}, './run'), '.'),
        el('p', {}, el('a', { href: userAddress('ada') }, 'Send the first event of a user “ada” from here')));
    return empty.node;
}
