// The prices that the user looks at.

import { range } from '../charts/range.js';
import { el } from '../dom.js';
import { amount, many } from '../format.js';

export const priceRange = ({ priceLevel }) => [
    el('p', { class: 'big' }, amount(priceLevel.median), el('span', { class: 'muted' }, ' median')),
    range({ low: priceLevel.low, middle: priceLevel.median, high: priceLevel.high }),
    el('p', { class: 'ends muted' }, el('span', {}, `low ${amount(priceLevel.low)}`), el('span', {}, `high ${amount(priceLevel.high)}`)),
    priceLevel.events !== undefined && el('p', { class: 'muted small' }, `from ${many(priceLevel.events, 'event')}`),
];
