// Two users side by side: how alike their vectors are, and what differs in words.

import { card } from '../card.js';
import { scale } from '../charts/scale.js';
import { el } from '../dom.js';
import { signed } from '../format.js';
import { compareAddress, userAddress } from '../routes.js';
import { findProfiles } from '../search/users.js';
import { table } from '../table.js';
import { comparedRows, interestRows } from './rows.js';

/** @param {{ a?: string, b?: string }} route */
export async function comparePage({ a = '', b = '' }, signal) {
    const profiles = a && b ? await findProfiles([a, b], signal) : new Map();
    const missing = a && b ? [a, b].filter(userId => !profiles.has(userId)) : [];
    return {
        title: 'Compare',
        node: el('div', { class: 'page' },
            el('div', { class: 'head' }, el('h1', { tabindex: -1 }, 'Compare two users')),
            compareForm(a, b),
            missing.map(userId => el('p', { class: 'note', role: 'alert' }, `“${userId}” has no profile.`)),
            a && b && missing.length === 0 && parts(profiles.get(a), profiles.get(b))),
    };
}

function compareForm(a, b) {
    const fields = [['compare-a', 'First user', a], ['compare-b', 'Second user', b]].map(([id, label, value]) => ({
        label, input: el('input', { id, value, autocomplete: 'off', spellcheck: 'false', maxlength: 128, required: true }),
    }));
    return el('form', {
        class: 'inline-form', onsubmit: event => {
            event.preventDefault();
            location.hash = compareAddress(...fields.map(({ input }) => input.value.trim()));
        },
    }, fields.map(({ label, input }) => [el('label', { for: input.id }, label), input]),
    el('button', { type: 'submit', class: 'primary' }, 'Compare'));
}

function parts(a, b) {
    const heads = () => ['', ...[a, b].map(({ userId }) => el('a', { href: userAddress(userId) }, userId))];
    const [alike, interests, rest] = [card('Similarity'), card('Interests', { aside: 'share of all interest' }), card('Profile')];
    alike.show(similarity(a, b));
    interests.show(table('Interests of both', heads(), interestRows(a, b)));
    rest.show(table('Profiles of both', heads(), comparedRows(a, b)));
    return [alike.node, el('div', { class: 'split' }, interests.node, rest.node)];
}

function similarity(a, b) {
    if (a.model !== b.model)
        return el('p', {}, `Their profiles are of two models, ${a.model} and ${b.model}: the two vectors cannot be compared.`);
    const cosine = a.vector.reduce((sum, x, i) => sum + x * b.vector[i], 0);
    return [
        el('p', { class: 'big' }, signed(cosine), el('span', { class: 'muted' }, ' cosine of the two vectors')),
        scale(Math.max(-1, Math.min(1, cosine))),
        el('p', { class: 'ends muted', 'aria-hidden': 'true' },
            ['−1 opposite', '0 unrelated', '1 the same'].map(words => el('span', {}, words))),
    ];
}
