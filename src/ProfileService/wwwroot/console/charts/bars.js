// Horizontal bars, one a row, each with its name and its value as text.

import { el } from '../dom.js';
import { width } from './size.js';

/** Rows of `{ name, share, value, more }`; the longest bar fills the track unless `full` says which share does. */
export function bars(rows, { full = Math.max(...rows.map(row => row.share)), kind = '' } = {}) {
    return el('ul', { class: `bars ${kind}` }, rows.map(row => el('li', {},
        el('span', { class: 'bars-name' }, row.name),
        el('span', { class: 'bars-track', 'aria-hidden': 'true' }, width(el('span', { class: 'bars-fill' }), full > 0 ? row.share / full : 0)),
        el('span', { class: 'bars-value' }, row.value),
        row.more && el('span', { class: 'bars-more' }, row.more))));
}
