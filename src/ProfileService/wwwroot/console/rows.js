// Names and values below each other.

import { el } from './dom.js';

/** Pairs of name and value; a pair without a value is left out. */
export const rows = pairs => el('dl', { class: 'rows' }, pairs.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) =>
    el('div', {}, el('dt', {}, name), el('dd', {}, value))));
