// Shares of one whole as one bar, with a legend that says the same in text.

import { el } from '../dom.js';
import { width } from './size.js';

/** Parts of `{ name, share, value }`, at most four. */
export const stack = parts => el('div', { class: 'stack' },
    el('div', { class: 'stack-bar', 'aria-hidden': 'true' }, parts.map((part, i) => width(el('span', { class: `stack-${i}` }), part.share))),
    el('ul', { class: 'stack-legend' }, parts.map((part, i) => el('li', {},
        el('span', { class: `stack-key stack-${i}`, 'aria-hidden': 'true' }), el('span', {}, part.name), el('strong', {}, part.value)))));
