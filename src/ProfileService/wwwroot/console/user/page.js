// One user: the profile at a glance, why it is so, what comes next, and a form to move it.

import { announce } from '../announce.js';
import { getJson, ifAllowed, userPath } from '../api.js';
import { el, replace } from '../dom.js';
import { latest } from '../latest.js';
import { eachSecond, poll } from '../poll.js';
import { dimensionCards } from './dimensions.js';
import { editCard } from './edit.js';
import { freshness } from './freshness.js';
import { predictionsCard } from './predictions.js';
import { recommendationsCard } from './recommendations.js';
import { sendCard } from './send.js';
import { similarCard } from './similar.js';
import { ProfileSource } from './source.js';
import { summary } from './summary.js';
import { timelineCard } from './timeline.js';
import { unknownUser } from './unknown.js';

const everyTwoSeconds = 2000;
const longestWait = 400; // milliseconds before the page shows what it has

export async function userPage({ userId }, signal) {
    const source = new ProfileSource(userId, signal);
    try {
        await ifAllowed('profiles:read', () => source.read());
    } catch (problem) {
        if (problem.status !== 404)
            throw problem;
        return { title: userId, node: unknownUser(source, problem) };
    }

    const head = { fresh: freshness(source), sentence: el('p', { class: 'lead summary' }) };
    const dimensions = dimensionCards();
    const timeline = timelineCard();
    const recommendations = recommendationsCard(source, signal);
    const predictions = predictionsCard(source);
    const similar = similarCard(source);
    const send = sendCard(source, { suggestions: () => [...recommendations.items, ...timeline.items], onChange: () => changed() });

    const edit = editCard(userId, signal, async () => {
        await source.read({ fresh: true });
        await changed();
    });

    const next = latest(signal);
    const get = (own, rest, scope = 'profiles:read') => ifAllowed(scope, () => getJson(userPath(userId, rest), { signal: own }));
    const fill = (card, own, answer) =>
        answer.then(value => own.aborted || card.show(value)).catch(problem => own.aborted || card.fail(problem));
    const showProfile = explanation => {
        replace(head.sentence, summary(source));
        dimensions.show(source.profile, explanation);
    };

    /** Shows the profile as it is now, and asks for all that follows from it. Answers for a former profile come to nothing. */
    const changed = async () => {
        const own = next();
        showProfile(null);
        head.fresh.tick();
        const [window, explanation] = await Promise.all([
            settle(get(own, 'window', 'raw:read')),
            settle(get(own, 'explanation', 'raw:read')),
            recommendations.load(),
            fill(predictions, own, get(own, 'predictions')),
            fill(similar, own, get(own, 'similar?count=8', 'users:list')),
        ]);
        if (own.aborted)
            return;
        timeline.show(window, explanation);
        if (explanation.value)
            showProfile(explanation.value);
        send.suggest();
    };

    const look = async () => {
        if (!await source.read().catch(gone))
            return head.fresh.tick();
        announce('The profile has changed.');
        await changed();
    };

    await Promise.race([changed(), new Promise(done => setTimeout(done, longestWait))]); // a slow part comes into the page later
    poll(look, everyTwoSeconds, signal);
    eachSecond(() => {
        head.fresh.tick();
        replace(head.sentence, summary(source));
    }, signal);

    return {
        title: userId,
        node: el('div', { class: 'page' },
            el('div', { class: 'head' },
                el('div', { class: 'head-line' }, el('h1', { tabindex: -1 }, userId), head.fresh.node),
                head.sentence),
            dimensions.node,
            el('div', { class: 'split' },
                el('div', { class: 'split-wide' }, timeline.node),
                el('div', { class: 'split-narrow' }, send.node, recommendations.node, edit, predictions.node, similar.node))),
    };
}

/** A user that was there and is not any more was erased. */
function gone(problem) {
    if (problem.status === 404)
        dispatchEvent(new Event('show-again'));
    throw problem;
}

const settle = promise => promise.then(value => ({ value }), problem => ({ problem }));
