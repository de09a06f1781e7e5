// Users with their profile at a glance, of which two can be chosen to be compared.

import { el } from '../dom.js';
import { count, list, pending, percent } from '../format.js';
import { sidesOf } from '../interests.js';
import { compareAddress, userAddress } from '../routes.js';
import { table } from '../table.js';

/** @param {Map<string, any>} profiles by user; a user without one is still a link */
export function userTable(users, profiles) {
    const chosen = new Set();
    const note = el('span', { class: 'muted small', role: 'status' });
    const compare = () => {
        if (chosen.size === 2)
            location.hash = compareAddress(...chosen);
        else
            note.textContent = `Choose two users; ${chosen.size} chosen.`;
    };
    const choose = (userId, isChosen) => {
        note.textContent = '';
        if (isChosen)
            chosen.add(userId);
        else
            chosen.delete(userId);
    };
    return el('div', { class: 'card' },
        table('Users with a profile', ['User', 'Cares for', 'Events', 'Evidence', 'Profile', 'Compare'], users.map(userId => [
            el('a', { href: userAddress(userId) }, userId), ...glance(profiles.get(userId)), choice(userId, choose),
        ]), 'is-users'),
        el('div', { class: 'form-end inline-form' },
            el('button', { type: 'button', class: 'quiet', onclick: compare }, 'Compare the two chosen'), note));
}

const glance = profile => profile
    ? [interests(profile), count(profile.eventCount), profile.evidence.toFixed(2), state(profile)]
    : ['–', '–', '–', 'not known'];

const interests = ({ dimensions }) => list(sidesOf(dimensions?.interests).liked.slice(0, 3)
    .map(({ category, share }) => `${category} ${percent(share)}`)) || '–';

const state = ({ freshness }) => pending(freshness) ?? 'up to date';

const choice = (userId, choose) => el('input', {
    type: 'checkbox', 'aria-label': `Compare ${userId}`, onchange: event => choose(userId, event.target.checked),
});
