// What leaving one event out would change.

import { bars } from '../charts/bars.js';
import { el } from '../dom.js';
import { figure, moment } from '../format.js';

/** @param changes `{ eventId, change }`, or undefined; @param events the window's. */
export function withoutEvent(changes, events) {
    const known = new Map(events.map(e => [e.eventId, e]));
    const rows = (changes ?? []).filter(({ eventId }) => known.has(eventId)).map(({ eventId, change }) => {
        const e = known.get(eventId);
        return { name: `${e.kind} ${e.itemId}`, share: Math.max(0, change), value: figure(change), more: moment(new Date(e.timestamp)) };
    });
    return rows.length > 0 && el('details', { class: 'without' },
        el('summary', {}, 'What leaving one event out would change'),
        el('p', { class: 'muted small' }, 'Cosine distance between the vector with and without it; the five events with the most attention.'),
        bars(rows, { kind: 'is-two-line' }));
}
