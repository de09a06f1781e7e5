// The window, the newest event first, with how far the vector turns without each event.

import { card } from '../card.js';
import { changeBars } from '../charts/changes.js';
import { el } from '../dom.js';
import { day, many } from '../format.js';
import { eventRow } from './event.js';
import { priced } from './fields.js';
import { withoutOne } from './without.js';

const firstShown = 20;
const firstShownNarrow = 8; // on a phone, so that what follows is not far
const isNarrow = matchMedia('(max-width: 640px)');

export function timelineCard() {
    const shown = card('Window', { kind: 'is-window', aside: 'newest first, times in UTC' });
    let showsAll = false;
    const self = { node: shown.node, items: [], show };

    /** @param window,explanation `{ value }` or `{ problem }`; either is enough for a timeline, both make it whole. */
    function show(window, explanation) {
        const events = merged(window.value?.events, explanation.value?.events);
        if (!events)
            return shown.fail(window.problem);
        self.items = [...events].reverse().map(({ kind, itemId, categories, value }) =>
            ({ itemId, categories, value: priced.includes(kind) ? value : undefined }));
        const hasChanges = events.some(e => e.change !== undefined);
        shown.show(
            hasChanges ? el('figure', { class: 'changes' },
                el('figcaption', { class: 'muted' }, el('span', {}, 'oldest'), el('span', {}, 'how far the vector turns without it, event by event'), el('span', {}, 'newest')),
                changeBars(events)) : explanation.problem && el('p', { class: 'muted small' }, `What each event changes: ${explanation.problem.message}`),
            withoutOne(explanation.value, events),
            days(events, () => show(window, explanation)));
    }

    function days(events, again) {
        const highest = Math.max(...events.map(e => e.change ?? 0));
        const newest = [...events].reverse();
        const visible = showsAll ? newest : newest.slice(0, isNarrow.matches ? firstShownNarrow : firstShown);
        const list = el('div', { class: 'days' });
        for (const group of Object.values(Object.groupBy(visible, e => e.timestamp.slice(0, 10))))
            list.append(el('h3', {}, day(new Date(group[0].timestamp))), el('ol', { class: 'events' }, group.map(e => eventRow(e, highest))));
        if (visible.length < newest.length)
            list.append(el('button', { type: 'button', class: 'quiet', onclick: () => { showsAll = true; again(); } }, `Show the ${many(newest.length - visible.length, 'earlier event')}`));
        return list;
    }

    return self;
}

// The window has what was posted, the explanation what the model made of it; they may be of two revisions.
function merged(posted, explained) {
    if (!posted || !explained)
        return posted ?? explained;
    const known = new Map(explained.map(e => [e.eventId, e]));
    return posted.map(e => ({ ...known.get(e.eventId), ...e }));
}
