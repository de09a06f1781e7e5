// The user's attributes, to be changed. They are put as a whole, and the profile is computed again.

import { announce } from '../announce.js';
import { getJson, ifAllowed, lacking, putJson, userPath } from '../api.js';
import { card } from '../card.js';
import { el, replace } from '../dom.js';
import { problemNote } from '../problem.js';
import { list } from '../format.js';
import { session } from '../session.js';
import { attributeRow } from './attribute.js';

/** @param onChange is called when the attributes are stored */
export function editCard(userId, signal, onChange) {
    const shown = card('Edit attributes');
    const place = el('div', { class: 'fields' });
    const details = el('details', {}, el('summary', {}, 'What is known of the user besides the events'), place);
    details.addEventListener('toggle', () => details.open && load(), { once: true });
    shown.show(session.may('attributes:write') ? details : problemNote(lacking('attributes:write')));

    const load = () => ifAllowed('profiles:read', () => getJson(userPath(userId, 'attributes'), { signal }))
        .catch(problem => problem.status === 404 ? { attributes: {}, unused: [] } : Promise.reject(problem))
        .then(known => replace(place, form(known)), problem => replace(place, problemNote(problem)));

    function form({ attributes, unused }) {
        const rows = new Set();
        const lines = el('ul', { class: 'fields' });
        const outcome = el('p', { role: 'alert' }, unused.length > 0 && `The model does not read ${list(unused)}.`);
        const add = (name, value) => {
            const row = attributeRow(name, value, () => rows.delete(row));
            rows.add(row);
            lines.append(row.node);
            return row;
        };
        Object.entries(attributes).forEach(([name, value]) => add(name, value));
        return el('form', {
            class: 'fields', novalidate: true, onsubmit: event => {
                event.preventDefault();
                save(rows, outcome);
            },
        }, lines, el('div', { class: 'steps' },
            el('button', { type: 'button', class: 'quiet', onclick: () => add('', '').focus() }, 'Add an attribute'),
            el('button', { type: 'submit', class: 'primary' }, 'Save')), outcome);
    }

    async function save(rows, outcome) {
        try {
            const named = [...rows].map(row => row.read()).filter(([name]) => name);
            const stored = await putJson(userPath(userId, 'attributes'), Object.fromEntries(named), { signal });
            replace(place, form(stored));
            announce('The attributes are stored.');
            await onChange();
        } catch (problem) {
            replace(outcome, el('span', { class: 'wrong' }, problem.message));
        }
    }

    return shown.node;
}
