// The service's figures, each with its last minute where it moves.

import { sparkline } from '../charts/sparkline.js';
import { el, replace } from '../dom.js';
import { count, figure, many, span } from '../format.js';
import { Rates } from './rates.js';

export function tiles(place, status, rates) {
    replace(place,
        status.users !== undefined && tile('Users with a profile', count(status.users)),
        tile('Users due', count(status.due), { note: 'whose profile is behind their events', values: rates.due }),
        status.events !== undefined && tile('Events a second', now(rates.events), { note: `${count(status.events)} taken in since the start`, values: rates.events }),
        status.refreshes !== undefined && tile('Refreshes a second', now(rates.refreshes), { note: `${count(status.refreshes)} since the start`, values: rates.refreshes }),
        latencies(status, rates),
        status.rejectedEvents !== undefined
            && tile('Rejected events', count(status.rejectedEvents), { note: 'broke a rule, since the start' }),
        status.failedRefreshes !== undefined
            && tile('Failed refreshes', count(status.failedRefreshes), { note: 'since the start; they are tried again' }),
        status.uptimeSeconds !== undefined && tile('Running for', span(status.uptimeSeconds), { note: status.version && `version ${status.version}` }));
}

const latencies = ({ inferenceRuns, inferenceSeconds, refreshes, freshnessSeconds }, { inference, freshness, answers }) => [
    inferenceRuns > 0 && tile('Inference', milliseconds(1000 * inferenceSeconds / inferenceRuns), {
        note: `mean of ${many(inferenceRuns, 'run')} since the start`, values: inference,
    }),
    refreshes > 0 && tile('Freshness', milliseconds(1000 * freshnessSeconds / refreshes), {
        note: 'from an event to its vector, mean since the start', values: freshness,
    }),
    answers.length > 0 && tile('Answer time', milliseconds(answers.at(-1)), { note: 'of this page’s last call', values: answers }),
];

const milliseconds = number => `${figure(number)} ms`;

const now = values => values.length > 0 ? figure(values.at(-1)) : '–';

/**
 * @param {string} name
 * @param {string} value
 * @param {{ note?: string, values?: number[] }} [more]
 */
const tile = (name, value, { note, values } = {}) => el('section', { class: 'card tile' },
    el('h2', {}, name),
    el('p', { class: 'tile-value' }, value),
    values && sparkline(values, { label: `${name} over the last minute, at most ${figure(Math.max(0, ...values))}`, most: Rates.most }),
    note && el('p', { class: 'muted' }, note));
