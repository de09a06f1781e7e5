// Finds a user by the beginning of the id: a combobox with a list of suggestions.

import { announce } from '../announce.js';
import { el, replace } from '../dom.js';
import { count, many } from '../format.js';
import { userAddress } from '../routes.js';
import { findUsers } from './users.js';

const most = 8;
const pause = 120; // milliseconds without a key before the service is asked

export function searchBox(place) {
    const input = el('input', {
        id: 'search-input', type: 'search', role: 'combobox', placeholder: 'Find a user by id', autocomplete: 'off', spellcheck: 'false', maxlength: 128,
        'aria-label': 'Find a user by id', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': 'search-list',
    });
    const list = el('ul', { id: 'search-list', class: 'search-list', role: 'listbox', 'aria-label': 'Users', hidden: true });
    const note = el('p', { class: 'search-note', hidden: true });
    const state = { ids: [], at: -1 };
    let timer;
    let asked = new AbortController();

    const close = () => {
        clearTimeout(timer);
        asked.abort();
        state.at = -1;
        list.hidden = note.hidden = true;
        input.setAttribute('aria-expanded', 'false');
        input.removeAttribute('aria-activedescendant');
    };

    const open = userId => {
        if (!userId)
            return;
        close();
        input.value = '';
        location.hash = userAddress(userId);
    };

    const mark = at => {
        state.at = at;
        [...list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === at)));
        if (at < 0)
            return input.removeAttribute('aria-activedescendant');
        input.setAttribute('aria-activedescendant', list.children[at].id);
        list.children[at].scrollIntoView({ block: 'nearest' });
    };

    const show = ({ users, total }) => {
        if (!list.hidden && users.length > 0 && users.join('\n') === state.ids.join('\n'))
            return; // the same answer again: whoever walks the list keeps the place
        state.ids = users;
        replace(list, users.map((userId, i) => el('li', {
            id: `search-option-${i}`, role: 'option', 'aria-selected': 'false',
            onmousedown: event => event.preventDefault(), // the field keeps the focus
            onclick: () => open(userId),
        }, userId)));
        mark(-1);
        list.hidden = users.length === 0;
        input.setAttribute('aria-expanded', String(!list.hidden));
        note.hidden = users.length > 0;
        note.textContent = total === 0 ? 'No user has a profile yet.' : 'No user with a profile begins so. Enter opens the id as it stands.';
        announce(users.length > 0 ? `${many(users.length, 'suggestion')} of ${count(total ?? users.length)} users` : note.textContent);
    };

    const suggest = async () => {
        asked.abort();
        asked = new AbortController();
        const { signal } = asked;
        try {
            const found = await findUsers(input.value.trim(), most, signal);
            if (!signal.aborted && document.activeElement === input)
                show(found);
        } catch (problem) {
            if (signal.aborted)
                return;
            list.hidden = true;
            note.hidden = false;
            note.textContent = problem.isLacking ? 'No suggestions here. Type a whole id and press Enter.' : problem.message;
        }
    };

    const keys = {
        ArrowDown: () => list.hidden ? suggest() : mark((state.at + 1) % state.ids.length),
        ArrowUp: () => list.hidden || mark(state.at <= 0 ? state.ids.length - 1 : state.at - 1),
        Enter: () => open(state.at >= 0 ? state.ids[state.at] : input.value.trim()),
        Escape: () => close(),
    };

    input.addEventListener('input', () => {
        clearTimeout(timer);
        timer = setTimeout(suggest, pause);
    });
    input.addEventListener('focus', () => suggest());
    input.addEventListener('blur', () => close());
    input.addEventListener('keydown', event => {
        if (!(event.key in keys))
            return;
        if (event.key !== 'Escape')
            event.preventDefault();
        keys[event.key]();
    });
    replace(place, input, list, note);
}
