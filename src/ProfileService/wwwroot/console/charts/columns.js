// Upright bars side by side, for rhythms.

import { el } from '../dom.js';
import { height } from './size.js';

/** `names` are spoken and shown on pointing; `ticks` (a text or null for each) stand below. */
export function columns(shares, { title, names, ticks, values }) {
    const highest = Math.max(...shares);
    const spoken = shares.map((_, i) => `${names[i]} ${values[i]}`).filter((_, i) => shares[i] > 0).join(', ');
    return el('div', { class: 'columns', role: 'img', 'aria-label': `${title}: ${spoken || 'nothing'}` },
        shares.map((share, i) => el('div', { class: 'column', title: `${names[i]}: ${values[i]}` },
            el('div', { class: 'column-room' }, height(el('div', { class: share === highest && share > 0 ? 'column-fill is-highest' : 'column-fill' }), highest > 0 ? share / highest : 0)),
            el('div', { class: 'column-tick' }, ticks[i]))));
}
