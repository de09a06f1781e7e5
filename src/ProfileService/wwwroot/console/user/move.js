// How a profile moved from before an event to after it.

import { bars } from '../charts/bars.js';
import { vectorBars } from '../charts/vector.js';
import { el } from '../dom.js';
import { figure, percent, signed } from '../format.js';

const least = 0.001; // of a share, for a change to be shown
const most = 5;

/** 1 minus the cosine of two vectors of unit length: 0 for the same direction, 2 for the opposite. */
export const cosineDistance = (a, b) => Math.max(0, 1 - a.reduce((sum, x, i) => sum + x * b[i], 0));

/** Interests whose share changed, or what is said against them, the largest change first. */
export function interestChanges(before, after) {
    const shares = profile => new Map((profile.dimensions?.interests ?? []).flatMap(({ category, share, against }) => [[category, share], [`against ${category}`, against]]));
    const [old, now] = [shares(before), shares(after)];
    return [...new Set([...old.keys(), ...now.keys()])]
        .map(name => ({ name, from: old.get(name) ?? 0, to: now.get(name) ?? 0 }))
        .map(change => ({ ...change, by: change.to - change.from }))
        .filter(change => Math.abs(change.by) >= least)
        .sort((a, b) => Math.abs(b.by) - Math.abs(a.by));
}

export function moveFigure(before, after) {
    if (before.model !== after.model)
        return el('p', {}, 'Another model has computed the new profile: the two vectors cannot be compared.');

    const difference = after.vector.map((x, i) => x - before.vector[i]);
    const full = Math.max(...before.vector.map(Math.abs), ...after.vector.map(Math.abs));
    const largest = Math.max(...difference.map(Math.abs));
    const changes = interestChanges(before, after).slice(0, most);
    return el('figure', { class: 'move' },
        el('figcaption', {}, 'The vector moved by ', el('strong', { class: 'move-distance' }, figure(cosineDistance(before.vector, after.vector))), el('span', { class: 'muted' }, ' (cosine distance)')),
        strip('Before', vectorBars(before.vector, { label: `The ${before.vector.length} numbers of the vector before`, full })),
        strip('After', vectorBars(after.vector, { label: `The ${after.vector.length} numbers of the vector after`, full })),
        strip(largest > 0 ? `Difference, enlarged ${figure(full / largest)} times` : 'Difference: none', vectorBars(difference, { label: `The difference, at most ${figure(largest)} in one number` })),
        changes.length > 0 && el('div', {}, el('h3', {}, 'Interests that changed'), bars(changes.map(change => ({
            name: change.name,
            share: Math.abs(change.by),
            value: `${percent(change.from, 1)} → ${percent(change.to, 1)}`,
            more: `${signed(100 * change.by, 1)} points`,
        })), { kind: 'is-two-line' })),
        el('p', { class: 'muted small revisions' }, `Revision ${before.revision} → ${after.revision}`));
}

const strip = (name, picture) => el('div', { class: 'strip' }, el('span', { class: 'muted small' }, name), picture);
