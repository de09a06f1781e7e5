// What leaving one event or one attribute out would change.

import { bars } from '../charts/bars.js';
import { el } from '../dom.js';
import { figure, moment, percent } from '../format.js';
import { mostly, word } from './segments.js';

/** @param explanation with `withoutEvent` and `withoutAttribute`, or undefined; @param events the window's. */
export function withoutOne(explanation, events) {
    const known = new Map(events.map(e => [e.eventId, e]));
    const ofEvents = (explanation?.withoutEvent ?? []).filter(({ eventId }) => known.has(eventId)).map(({ eventId, change, segments }) => {
        const e = known.get(eventId);
        return row(`${e.kind} ${e.itemId}`, change, [moment(new Date(e.timestamp)), mostly(segments)].filter(Boolean).join(', '));
    });
    const ofAttributes = (explanation?.withoutAttribute ?? []).map(({ name, change, segments }) => row(name, change, mostly(segments)));
    const parts = Object.entries(explanation?.segments ?? {}).map(([name, share]) => ({ name: word(name), share, value: percent(share) }));
    const full = Math.max(...[...ofEvents, ...ofAttributes].map(({ share }) => share));
    return ofEvents.length + ofAttributes.length > 0 && el('details', { class: 'without' },
        el('summary', {}, 'What leaving one out would change'),
        el('p', { class: 'muted small' }, 'How far the vector turns without it: cosine distance, from 0 for not at all to 2.'),
        part('The events that change most', ofEvents, full),
        part('Attributes that the model reads', ofAttributes, full),
        part('Parts of the vector, by their share of its squared length', parts, 1));
}

const row = (name, change, more) => ({ name, share: change, value: figure(change), more });

const part = (title, rows, full) => rows.length > 0 && [el('h3', {}, title), bars(rows, { full, kind: 'is-two-line' })];
