// One event of the window as a row.

import { el, unseen } from '../dom.js';
import { amount, clock, percent, signed, turn } from '../format.js';
import { opacity, width } from '../charts/size.js';

/** @param highest the greatest change in the window, which has the full shade. */
export function eventRow(e, highest) {
    const part = highest > 0 && e.change !== undefined ? e.change / highest : 0;
    return el('li', { class: 'event' },
        e.change !== undefined && opacity(el('span', { class: 'event-shade', 'aria-hidden': 'true' }), part),
        el('time', { datetime: e.timestamp, class: 'muted' }, clock(new Date(e.timestamp))),
        el('span', { class: 'event-kind' }, e.kind),
        el('span', { class: 'event-what' },
            el('span', { class: 'event-item' }, e.itemId),
            e.categories?.length > 0 && el('span', { class: 'muted' }, e.categories.join(', ')),
            e.text && el('q', { class: 'event-text' }, e.text),
            e.sentiment !== undefined && el('span', { class: 'muted' }, `sentiment ${signed(e.sentiment)}`),
            e.change !== undefined && el('span', { class: 'event-attention muted' }, `attention ${percent(e.attention, 1)}`)),
        el('span', { class: 'event-value' }, e.value !== undefined && [unseen('value '), amount(e.value)]),
        el('span', { class: 'event-change' }, changeOf(e, part)));
}

function changeOf(e, part) {
    if (e.change === undefined)
        return e.attention !== undefined && el('span', { class: 'muted' }, 'not read');
    return [
        el('span', { class: 'event-track', 'aria-hidden': 'true' }, width(el('span', {}), part)),
        unseen('without it the vector turns by '), el('span', {}, turn(e.change))];
}
