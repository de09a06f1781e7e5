// The service: how much goes through it, what it computes with, and how it feels.

import { getJson, ifAllowed } from '../api.js';
import { card } from '../card.js';
import { el } from '../dom.js';
import { last } from '../format.js';
import { eachSecond, poll } from '../poll.js';
import { connection } from '../connection.js';
import { session } from '../session.js';
import { healthRows } from './health.js';
import { modelRows } from './model.js';
import { outcomeRows } from './outcomes.js';
import { Rates } from './rates.js';
import { requestRows } from './requests.js';
import { tiles } from './tiles.js';

const everySecond = 1000;
const everyTen = 10_000;

export async function servicePage(_, signal) {
    const rates = new Rates();
    const figures = el('div', { class: 'tiles' });
    const model = card('Model');
    const health = card('Health');
    const requests = card('HTTP requests');
    const outcomes = card('Recommendations', { aside: 'last 30 days, by model' });
    const links = card('More');
    links.show(el('ul', { class: 'links' },
        el('li', {}, el('a', { href: 'swagger' }, 'The API, to read and to try')),
        el('li', {}, el('a', { href: 'health/ready' }, 'Readiness, check by check')),
        session.caller === null && el('li', {}, el('a', { href: 'v1/status' }, 'These figures as JSON')))); // a link sends no key

    const readStatus = async () => {
        const asked = performance.now();
        const status = await getJson('v1/status', { signal });
        rates.add(status, performance.now() / 1000, (performance.now() - asked) / 1000);
        tiles(figures, status, rates);
        if (status.httpRequests) {
            requests.show(requestRows(status.httpRequests));
            requests.say(`of this process, in the last ${last(status.httpRequests.seconds)}`);
        }
        outcomes.show(outcomeRows(status.recommendations));
        return status;
    };
    const readRest = async () => {
        await Promise.all([
            getJson('v1/models', { signal }).then(models => model.show(modelRows(models.active ?? models, models)), model.fail),
            healthRows(signal).then(health.show, health.fail),
        ]);
    };

    await ifAllowed('profiles:read', () => Promise.all([readStatus(), readRest()]));
    poll(readStatus, everySecond, signal);
    poll(readRest, everyTen, signal);
    connection.addEventListener('change', readRest, { signal });
    eachSecond(() => figures.classList.toggle('is-old', connection.isBroken), signal);

    return {
        title: 'Service',
        node: el('div', { class: 'page' },
            el('div', { class: 'head' }, el('h1', { tabindex: -1 }, 'Service')),
            figures,
            requests.node,
            el('div', { class: 'row' }, model.node, outcomes.node, health.node, links.node)),
    };
}
