// Items as rows, each of which can be made available or not, or deleted.

import { lacking } from '../api.js';
import { el } from '../dom.js';
import { amount } from '../format.js';
import { problemNote } from '../problem.js';
import { session } from '../session.js';
import { table } from '../table.js';
import { available } from './available.js';
import { removal } from './removal.js';

const mayWrite = () => session.may('items:write');

export function itemTable(items) {
    const note = el('p', { class: 'wrong', role: 'alert' });
    const say = text => { note.textContent = text; };
    const heads = ['Item', 'Categories', 'Price', 'Labels', 'Available', ...(mayWrite() ? ['Delete'] : [])];
    return el('div', { class: 'card' },
        table('Items of the catalogue', heads, items.map(item => [
            [item.title && el('span', {}, item.title, ' '), el('span', { class: item.title ? 'muted small' : '' }, item.itemId)],
            item.categories?.join(', '),
            item.price === undefined ? '–' : amount(item.price),
            item.labels?.join(', ') || '–',
            [
                mayWrite() ? available(item, say) : item.available === false ? 'no' : 'yes',
                isOver(item) && el('span', { class: 'muted small' }, ' expired'),
            ],
            ...(mayWrite() ? [removal(item, say)] : []),
        ]), 'is-items'),
        mayWrite() ? note : problemNote(lacking('items:write')));
}

const isOver = ({ expiresAt }) => Date.parse(expiresAt) <= Date.now();
