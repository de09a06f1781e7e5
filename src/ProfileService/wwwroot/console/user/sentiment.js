// The tone of what the user writes.

import { scale } from '../charts/scale.js';
import { el } from '../dom.js';
import { many, signed } from '../format.js';

const steady = 0.05;
const tones = [[-0.5, 'unhappy'], [-0.15, 'rather unhappy'], [0.15, 'mixed'], [0.5, 'rather happy'], [Infinity, 'happy']];

export const sentimentScale = ({ sentiment }) => [
    el('p', { class: 'big' }, signed(sentiment.mean), el('span', { class: 'muted' }, ` ${tones.find(([bound]) => sentiment.mean <= bound)[1]}`)),
    scale(sentiment.mean),
    el('p', { class: 'ends muted' }, el('span', {}, '−1'), el('span', {}, '0'), el('span', {}, '+1')),
    el('p', { class: 'muted small' }, `from ${many(sentiment.texts, 'text')} with an opinion${trend(sentiment.trend)}`),
];

const trend = change => change === undefined || sentimentIsSteady(change) ? '' : `, ${change > 0 ? 'rising' : 'falling'} by ${Math.abs(change).toFixed(2)}`;

const sentimentIsSteady = change => Math.abs(change) < steady;
