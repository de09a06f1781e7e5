// A part of a page under a heading of its own.

import { el, replace } from './dom.js';
import { problemNote } from './problem.js';

let cards = 0;

/**
 * An empty card; `aside` stands beside the heading. `show` fills it and `fail` says why it cannot be filled.
 * @param {string} title
 * @param {{ kind?: string, aside?: Node | string }} [options]
 */
export function card(title, { kind = '', aside } = {}) {
    const id = `card-${++cards}`;
    const body = el('div', { class: 'card-body' });
    const side = el('span', { class: 'card-aside' }, aside);
    const node = el('section', { class: `card ${kind}`, 'aria-labelledby': id },
        el('div', { class: 'card-head' }, el('h2', { id }, title), side), body);
    return {
        node,
        body,
        show: (...content) => replace(body, ...content),
        say: (...content) => replace(side, ...content),
        fail: problem => replace(body, problemNote(problem)),
    };
}
