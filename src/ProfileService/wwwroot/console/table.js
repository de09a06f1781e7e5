// Rows and columns. A table that is wider than its place is scrolled, by keyboard too.

import { el } from './dom.js';

/**
 * @param {string} caption for screen readers
 * @param {(Node | string)[]} heads
 * @param {any[][]} rows of a cell each; the first one names the row
 * @param {string} [kind] a class of its own
 */
export const table = (caption, heads, rows, kind = '') => el('div', room(caption),
    el('table', { class: `table ${kind}` },
        el('caption', { class: 'visually-hidden' }, caption),
        el('thead', {}, el('tr', {}, heads.map(head => el('th', { scope: 'col' }, head)))),
        el('tbody', {}, rows.map(row))));

const room = caption => ({ class: 'table-room', role: 'region', 'aria-label': caption, tabindex: 0 });

const row = ([name, ...cells]) => el('tr', {}, el('th', { scope: 'row' }, name), cells.map(cell => el('td', {}, cell)));
