// What the user cares for, and where it is going.

import { bars } from '../charts/bars.js';
import { el, unseen } from '../dom.js';
import { many, percent } from '../format.js';

const most = 6;
const steady = 0.005;

export function interestBars({ interests }, explanation) {
    const sources = new Map((explanation?.dimensions?.interests ?? []).map(source => [source.category, source]));
    const shown = interests.slice(0, most);
    const rest = interests.slice(most).reduce((sum, interest) => sum + interest.share, 0);
    return [
        bars(shown.map(interest => ({
            name: interest.category,
            share: interest.share,
            value: [el('strong', {}, percent(interest.share)), trend(interest.trend)],
            more: because(sources.get(interest.category)),
        }))),
        rest > 0.005 && el('p', { class: 'muted small' }, `${many(interests.length - most, 'other')}, ${percent(rest)} together`),
    ];
}

/** Percentage points against the earlier half of the window. */
function trend(change) {
    if (change === undefined || Math.abs(change) < steady)
        return el('span', { class: 'trend', title: 'steady' }, unseen('steady'), el('span', { 'aria-hidden': 'true' }, '–'));
    const points = Math.round(Math.abs(100 * change));
    const title = `${change > 0 ? 'up' : 'down'} ${points} points against the earlier half of the window`;
    return el('span', { class: change > 0 ? 'trend is-up' : 'trend is-down', title }, unseen(title),
        el('span', { 'aria-hidden': 'true' }, `${change > 0 ? '▲' : '▼'} ${points}`));
}

const because = source => source && `${many(source.events, 'event')}, ${percent(source.attention)} of the attention`;
