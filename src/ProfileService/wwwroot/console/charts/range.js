// A span of values with the middle one marked.

import { el } from '../dom.js';
import { left, width } from './size.js';

/** From `low` over `middle` to `high`, on a scale that begins at 0 (or below, where a value is negative). */
export function range({ low, middle, high }) {
    const first = Math.min(0, low);
    const place = value => high > first ? (value - first) / (high - first) : 0;
    return el('div', { class: 'range', 'aria-hidden': 'true' },
        left(width(el('span', { class: 'range-span' }), place(high) - place(low)), place(low)),
        left(el('span', { class: 'range-middle' }), place(middle)));
}
