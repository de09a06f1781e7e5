// What the API answered in the last minutes: how much, how well, how fast.

import { el } from '../dom.js';
import { count, figure } from '../format.js';
import { table } from '../table.js';

const heads = ['Requests', 'A second', '4xx', '5xx', 'p50, ms', 'p99, ms'];

/** @param requests of the process that answers, in total and by the tag of the route */
export const requestRows = ({ total, tags }) => tags.length > 0
    ? table('HTTP requests by kind', heads, [...tags.map(row), ...(tags.length > 1 ? [row({ ...total, tag: 'All' })] : [])])
    : el('p', { class: 'muted' }, 'None yet.');

const row = ({ tag, requestsPerSecond, clientErrors, serverErrors, p50Milliseconds, p99Milliseconds }) =>
    [tag, figure(requestsPerSecond), count(clientErrors), count(serverErrors), time(p50Milliseconds), time(p99Milliseconds)];

const time = milliseconds => milliseconds === undefined ? '–' : figure(milliseconds);
