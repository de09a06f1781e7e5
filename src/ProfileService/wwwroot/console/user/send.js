// The form that sends an event of the user, and what it did to the profile.

import { announce } from '../announce.js';
import { Problem, lacking, postJson } from '../api.js';
import { card } from '../card.js';
import { el, replace } from '../dom.js';
import { eventFields } from './fields.js';
import { cosineDistance, interestChanges, moveFigure } from './move.js';
import { figure, list } from '../format.js';
import { session } from '../session.js';

const patience = 10; // times the service is asked for the new profile, each time for as long as its Lookup:FreshTimeout

/** @param suggestions gives items to suggest; @param onChange is called when the profile has changed. */
export function sendCard(source, { suggestions, onChange }) {
    const shown = card('Send an event', { kind: 'is-send' });
    const fields = eventFields();
    const button = el('button', { type: 'submit', class: 'primary' }, 'Send');
    const outcome = el('div', { class: 'outcome' });
    const form = el('form', { novalidate: true }, fields.node, el('div', { class: 'form-end' }, button), outcome);

    form.addEventListener('submit', async event => {
        event.preventDefault();
        button.disabled = true;
        fields.clear();
        replace(outcome);
        try {
            await send();
        } catch (problem) {
            if (!fields.show(problem.fields ?? []))
                replace(outcome, el('p', { class: 'wrong', role: 'alert' }, problem.message));
        }
        button.disabled = false;
    });

    async function send() {
        const before = source.profile;
        const verdict = await postJson('v1/events', { userId: source.userId, ...fields.read() });
        if (verdict.accepted === 0) {
            replace(outcome, el('p', { role: 'alert' }, notAdded(verdict)));
            if (verdict.duplicates > 0 && await source.read({ fresh: true })) // it may have replaced the one that was known
                await onChange();
            return;
        }

        replace(outcome, el('p', { class: 'muted' }, 'Taken in. Waiting for the new profile …'));
        await readNewer(before);
        const after = source.profile;
        replace(outcome, before ? moveFigure(before, after) : null);
        announce(before ? moved(before, after) : 'The user has a profile now.');
        await onChange();
    }

    /** Reads until the profile has what was sent. */
    async function readNewer(before) {
        for (let tried = 0; tried < patience; tried++) {
            try {
                await source.read({ fresh: true });
                if (source.profile.revision > (before?.revision ?? 0))
                    return;
            } catch (problem) {
                if (problem.status !== 503 || tried === patience - 1)
                    throw problem;
                await new Promise(done => setTimeout(done, 1000)); // a first profile is being computed
            }
        }
        throw new Problem(0, { detail: 'The event is taken in, but its profile is not computed yet. It will appear here by itself.' });
    }

    if (session.may('events:write'))
        shown.show(form);
    else
        shown.fail(lacking('events:write'));
    return { node: shown.node, suggest: () => fields.suggest(suggestions()) };
}

const notAdded = ({ late, erased }) => erased > 0 ? 'Not taken in: it is of a time before the user was erased.'
    : late > 0 ? 'Taken in as late: it is older than the user’s window, so that nothing changes.'
    : 'Known already: the window has an event of this kind, item and time. Of two versions it keeps one.';

function moved(before, after) {
    const changes = interestChanges(before, after).slice(0, 3).map(change => change.name);
    return `The vector moved by ${figure(cosineDistance(before.vector, after.vector))}.${changes.length > 0 ? ` Changed: ${list(changes)}.` : ''}`;
}
