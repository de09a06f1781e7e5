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
            replace(place, found.problem ? problemNote(found.problem) : form(found));
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
        return el('form', {
            class: 'fields', novalidate: true, onsubmit: event => {
                event.preventDefault();
                save(changed, outcome);
            },
        }, lines, el('div', { class: 'steps' },
            el('button', { type: 'button', class: 'quiet', onclick: () => add().focus() }, 'Add an attribute'),
            el('button', { type: 'submit', class: 'primary' }, 'Save')), outcome);
    }

    /** Stores what was changed here, and leaves the rest as it is by now: others may have put attributes since they were read. */
    async function save(changed, outcome) {
        if (isSaving)
            return;
        isSaving = true;
        const own = next(); // what is being read is older than what is put
        try {
            const { attributes } = await find(own);
            const stored = await putJson(userPath(userId, 'attributes'), changed.appliedTo(attributes), { signal: own });
            replace(place, form(stored));
            announce('The attributes are stored.');
            await onChange();
        } catch (problem) {
            replace(outcome, el('span', { class: 'wrong' }, problem.message));
        } finally {
            isSaving = false;
        }
    }

    return shown.node;
}
