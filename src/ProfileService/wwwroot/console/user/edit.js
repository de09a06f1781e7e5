// The user's attributes, to be changed. They are put as a whole, and the profile is computed again.

import { announce } from '../announce.js';
import { getJson, ifAllowed, lacking, putJson, userPath } from '../api.js';
import { card } from '../card.js';
import { el, replace } from '../dom.js';
import { problemNote } from '../problem.js';
import { list } from '../format.js';
import { latest } from '../latest.js';
import { session } from '../session.js';
import { attributeRow } from './attribute.js';
import { AttributeChanges } from './changes.js';

/** @param onChange is called when the attributes are stored */
export function editCard(userId, signal, onChange) {
    const shown = card('Edit attributes');
    const place = el('div', { class: 'fields' });
    const details = el('details', {}, el('summary', {}, 'What is known of the user besides the events'), place);
    const next = latest(signal);
    let changes = new AttributeChanges();
    let isSaving = false;
    details.addEventListener('toggle', () => details.open && !isSaving && !changes.isBegun && load());
    shown.show(session.may('attributes:write') ? details : problemNote(lacking('attributes:write')));

    const find = signal => ifAllowed('profiles:read', () => getJson(userPath(userId, 'attributes'), { signal }))
        .catch(problem => problem.status === 404 ? { attributes: {}, unused: [] } : Promise.reject(problem));

    async function load() {
        const own = next();
        const found = await find(own).catch(problem => ({ problem }));
        if (!own.aborted && !changes.isBegun)
            replace(place, found.problem ? problemNote(found.problem) : form(found).node);
    }

    function form({ attributes, unused }) {
        const changed = changes = new AttributeChanges();
        const lines = el('ul', { class: 'fields' });
        const outcome = el('p', { role: 'alert' }, unused.length > 0 && `The model does not read ${list(unused)}.`);
        /** @param {[string, any]} [stored] */
        const add = stored => {
            const row = attributeRow(() => changed.remove(row), stored);
            changed.add(row);
            lines.append(row.node);
            return row;
        };
        Object.entries(attributes).forEach(stored => add(stored));
        const fields = el('fieldset', { class: 'fields' }, lines, el('div', { class: 'steps' },
            el('button', { type: 'button', class: 'quiet', onclick: () => add().focus() }, 'Add an attribute'),
            el('button', { type: 'submit', class: 'primary' }, 'Save')));
        const node = el('form', {
            class: 'fields', novalidate: true, onsubmit: event => {
                event.preventDefault();
                save(changed, fields, outcome);
            },
        }, fields, outcome);
        return { node, outcome };
    }

    /** Stores what was changed here, and leaves the rest as it is by now: others may have put attributes since they were read. */
    async function put(changed) {
        const own = next(); // what is being read is older than what is put
        const { attributes } = await find(own);
        return await putJson(userPath(userId, 'attributes'), changed.appliedTo(attributes), { signal: own });
    }

    async function save(changed, fields, outcome) {
        isSaving = true;
        const unlock = lock(fields);
        /** @type {{ stored?: any, problem?: any }} */
        const { stored, problem } = await put(changed).then(stored => ({ stored }), problem => ({ problem }));
        unlock();
        isSaving = false;
        if (problem)
            return replace(outcome, wrong(problem.message));
        const saved = form(stored);
        replace(place, saved.node);
        announce('The attributes are stored.');
        await onChange().catch(problem =>
            replace(saved.outcome, wrong(`The attributes are stored, but the new profile is not shown yet: ${problem.message}`)));
    }

    return shown.node;
}

const wrong = message => el('span', { class: 'wrong' }, message);

/** Lets nobody write in the fields, which lose the focus; returns a function that ends that and gives the focus back. */
function lock(fields) {
    const held = fields.querySelector(':focus');
    fields.disabled = true;
    return () => {
        fields.disabled = false;
        if (document.activeElement === document.body)
            held?.focus({ preventScroll: true });
    };
}
