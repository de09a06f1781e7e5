// All users that have a profile, a page at a time.

import { el } from '../dom.js';
import { many } from '../format.js';
import { problemNote } from '../problem.js';
import { compareAddress, usersAddress } from '../routes.js';
import { findProfiles, findUsers } from '../search/users.js';
import { userTable } from './table.js';

const most = 25;

/** @param {{ prefix?: string, after?: string }} route */
export async function usersPage({ prefix = '', after = '' }, signal) {
    const { users, total } = await findUsers(prefix, most, signal, after);
    const { profiles = new Map(), problem } = users.length > 0 ? await settle(findProfiles(users, signal)) : {};
    return {
        title: 'Users',
        node: el('div', { class: 'page' },
            el('div', { class: 'head' },
                el('h1', { tabindex: -1 }, 'Users'),
                el('p', { class: 'muted' },
                    `${many(total, 'user')} with a profile. `, el('a', { href: compareAddress() }, 'Compare two users'))),
            prefixForm(prefix),
            problem && problemNote(problem),
            users.length > 0 ? userTable(users, profiles) : el('p', { class: 'note' }, noneLeft(prefix, after)),
            steps(users, prefix, after)),
    };
}

// Without their profiles the users are listed all the same.
const settle = finding => finding.then(profiles => ({ profiles }), problem => ({ problem }));

const noneLeft = (prefix, after) => after ? 'There are no further users.'
    : prefix ? `No id of a user with a profile begins with “${prefix}”.` : 'No user has a profile yet.';

function prefixForm(prefix) {
    const field = el('input', {
        id: 'users-prefix', type: 'search', value: prefix, autocomplete: 'off', spellcheck: 'false', maxlength: 128,
    });
    return el('form', {
        class: 'inline-form', onsubmit: event => {
            event.preventDefault();
            location.hash = usersAddress({ prefix: field.value.trim() });
        },
    }, el('label', { for: field.id }, 'Ids that begin with'), field, el('button', { type: 'submit', class: 'quiet' }, 'Show'));
}

// Pages follow by the last id of the one before, so that there is a way on, and one back to the beginning.
const steps = (users, prefix, after) => el('nav', { class: 'steps', 'aria-label': 'Pages of users' },
    after && el('a', { class: 'quiet', href: usersAddress({ prefix }) }, 'First page'),
    users.length === most && el('a', { class: 'quiet', href: usersAddress({ prefix, after: users.at(-1) }) }, 'Next page'));
