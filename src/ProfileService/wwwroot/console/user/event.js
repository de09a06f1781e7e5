// One event of the window as a row.

import { el, unseen } from '../dom.js';
import { amount, clock, percent, signed } from '../format.js';
import { opacity, width } from '../charts/size.js';

/** @param highest the highest attention in the window, which has the full shade. */
export function eventRow(e, highest) {
    const has = e.attention !== undefined && highest > 0;
    return el('li', { class: 'event' },
        has && opacity(el('span', { class: 'event-shade', 'aria-hidden': 'true' }), e.attention / highest),
        el('time', { datetime: e.timestamp, class: 'muted' }, clock(new Date(e.timestamp))),
        el('span', { class: 'event-kind' }, e.kind),
        el('span', { class: 'event-what' },
            el('span', { class: 'event-item' }, e.itemId),
            e.categories?.length > 0 && el('span', { class: 'muted' }, e.categories.join(', ')),
            e.text && el('q', { class: 'event-text' }, e.text),
            e.sentiment !== undefined && el('span', { class: 'muted' }, `sentiment ${signed(e.sentiment)}`)),
        el('span', { class: 'event-value' }, e.value !== undefined && [unseen('value '), amount(e.value)]),
        el('span', { class: 'event-attention' }, has && [
            el('span', { class: 'event-track', 'aria-hidden': 'true' }, width(el('span', {}), e.attention / highest)),
            unseen('attention '), percent(e.attention, 1)]));
}
