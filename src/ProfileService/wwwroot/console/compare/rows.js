// What two profiles say, a row a question.

import { el } from '../dom.js';
import { amount, count, list, moment, pending, percent, signed } from '../format.js';
import { sidesOf } from '../interests.js';
import { width } from '../charts/size.js';

const most = 12;

const interestsOf = ({ dimensions }) => dimensions?.interests ?? [];

/** The interests of either user, the greatest of both first. */
export function interestRows(a, b) {
    const [first, second] = [a, b].map(profile => new Map(interestsOf(profile).map(({ category, share }) => [category, share])));
    const greatest = category => Math.max(first.get(category) ?? 0, second.get(category) ?? 0);
    return [...new Set([...first.keys(), ...second.keys()])].filter(category => greatest(category) > 0)
        .sort((x, y) => greatest(y) - greatest(x)).slice(0, most)
        .map(category => [category, bar(first.get(category)), bar(second.get(category))]);
}

const bar = (share = 0) => el('span', { class: 'cell-bar' },
    el('span', { class: 'bars-track', 'aria-hidden': 'true' }, share > 0 && width(el('span', { class: 'bars-fill' }), share)),
    el('span', {}, percent(share)));

/** All else; a row that neither has is left out. */
export const comparedRows = (a, b) => [...questions, ...attributeQuestions(a, b)]
    .map(([name, answer]) => [name, answer(a) ?? '–', answer(b) ?? '–'])
    .filter(([, first, second]) => first !== '–' || second !== '–');

/** @type {[string, (profile: any) => any][]} */
const questions = [
    ['Events', ({ eventCount }) => count(eventCount)],
    ['Evidence', ({ evidence }) => evidence.toFixed(2)],
    ['Last seen', ({ freshness }) => Date.parse(freshness.eventsThrough) > 0 ? `${moment(new Date(freshness.eventsThrough))} UTC` : null],
    ['Behind its events', ({ freshness }) => pending(freshness) ?? 'no'],
    ['Turns down', profile => list(sidesOf(interestsOf(profile)).refused.map(i => i.category)) || null],
    ['Last session', ({ dimensions }) => strongest(dimensions?.intent)],
    ['Events a day', ({ dimensions }) => dimensions?.activity?.eventsPerDay?.toFixed(1)],
    ['Price level', ({ dimensions }) => dimensions?.priceLevel && amount(dimensions.priceLevel.median)],
    ['Sentiment of texts', ({ dimensions }) => dimensions?.sentiment && signed(dimensions.sentiment.mean)],
];

/** @returns {[string, (profile: any) => any][]} */
const attributeQuestions = (a, b) => [...new Set([a, b].flatMap(({ dimensions }) => Object.keys(dimensions?.attributes ?? {})))]
    .map(name => [name, ({ dimensions }) => dimensions?.attributes?.[name]?.toString()]);

function strongest(intent) {
    const [kind, share] = Object.entries(intent ?? {}).sort(([, x], [, y]) => y - x)[0] ?? [];
    return share > 0 ? `${kind} ${percent(share)}` : null;
}
