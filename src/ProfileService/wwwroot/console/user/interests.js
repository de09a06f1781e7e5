// What the user cares for and where it is going, and apart from it what the user turns down.

import { bars } from '../charts/bars.js';
import { el, unseen } from '../dom.js';
import { many, percent } from '../format.js';
import { sidesOf } from '../interests.js';

const most = 6;
const mostAgainst = 4;
const steady = 0.005;
const leastShown = 0.005; // below, it is 0%

export function interestParts({ interests }, explanation) {
    const sources = new Map((explanation?.dimensions?.interests ?? []).map(source => [source.category, source]));
    const { liked, refused: all } = sidesOf(interests);
    const refused = all.filter(({ against }) => against >= leastShown);
    const full = Math.max(...interests.map(({ share, against = 0 }) => Math.max(share, against)));
    if (refused.length === 0)
        return likedBars(liked, sources, full);
    return [
        liked.length > 0 && part('Cares for', likedBars(liked, sources, full)),
        part('Turns down', refusedBars(refused, sources, full)),
    ];
}

const part = (title, content) => el('div', { class: 'interest-part' }, el('h3', {}, title), content);

const likedBars = (liked, sources, full) => [
    bars(liked.slice(0, most).map(interest => ({
        name: interest.category,
        share: interest.share,
        value: [el('strong', {}, percent(interest.share)), trend(interest.trend)],
        more: because(sources.get(interest.category), interest.against, 'against'),
    })), { full }),
    rest(liked.slice(most), interest => interest.share),
];

const refusedBars = (refused, sources, full) => [
    bars(refused.slice(0, mostAgainst).map(interest => ({
        name: interest.category,
        share: interest.against,
        value: [el('strong', {}, percent(interest.against)), el('span', { class: 'trend' }, 'against')],
        more: because(sources.get(interest.category), interest.inFavour, 'for'),
    })), { full, kind: 'is-against' }),
    rest(refused.slice(mostAgainst), interest => interest.against),
];

function rest(others, of) {
    const together = others.reduce((sum, interest) => sum + of(interest), 0);
    return together > leastShown && el('p', { class: 'muted small' }, `${many(others.length, 'other')}, ${percent(together)} together`);
}

/** Percentage points since the earlier half of the window. */
function trend(change) {
    if (change === undefined || Math.abs(change) < steady)
        return el('span', { class: 'trend', title: 'steady' }, unseen('steady'), el('span', { 'aria-hidden': 'true' }, '–'));
    const points = Math.round(Math.abs(100 * change));
    const title = `${change > 0 ? 'up' : 'down'} ${points} points since the earlier half of the window`;
    return el('span', { class: change > 0 ? 'trend is-up' : 'trend is-down', title }, unseen(title),
        el('span', { 'aria-hidden': 'true' }, `${change > 0 ? '▲' : '▼'} ${points}`));
}

/** What the interest comes from, and what speaks for the opposite. */
function because(source, opposite, side) {
    const parts = source ? [many(source.events, 'event'), `${percent(source.attention)} of the attention`] : [];
    return [...parts, ...(opposite >= leastShown ? [`${percent(opposite)} ${side}`] : [])].join(', ');
}
