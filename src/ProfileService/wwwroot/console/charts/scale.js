// One value on a scale from -1 to 1.

import { el } from '../dom.js';
import { left, width } from './size.js';

export function scale(value) {
    const place = (value + 1) / 2;
    return el('div', { class: 'scale', 'aria-hidden': 'true' },
        left(width(el('span', { class: 'scale-span' }), Math.abs(place - 0.5)), Math.min(place, 0.5)),
        el('span', { class: 'scale-zero' }),
        left(el('span', { class: 'scale-value' }), place));
}
