// The catalogue: what can be recommended, found by a part of the title or the beginning of the id.

import { getJson, ifAllowed } from '../api.js';
import { el } from '../dom.js';
import { itemsAddress } from '../routes.js';
import { itemTable } from './table.js';

const most = 25;

/** @param {{ query?: string, after?: string }} route */
export async function itemsPage({ query = '', after = '' }, signal) {
    const asked = new URLSearchParams({ count: String(most), ...(query && { query }), ...(after && { after }) });
    const { items, next } = await ifAllowed('profiles:read', () => getJson(`v1/items?${asked}`, { signal }));
    return {
        title: 'Items',
        node: el('div', { class: 'page' },
            el('div', { class: 'head' },
                el('h1', { tabindex: -1 }, 'Items'),
                el('p', { class: 'muted' },
                    'What is known of the items that events name. Those that are not available are not recommended.')),
            searchForm(query),
            items.length > 0 ? itemTable(items) : el('p', { class: 'note' }, noneFound(query, after, next)),
            el('nav', { class: 'steps', 'aria-label': 'Pages of items' },
                after && el('a', { class: 'quiet', href: itemsAddress({ query }) }, 'First page'),
                next && el('a', { class: 'quiet', href: itemsAddress({ query, after: next }) }, 'Next page'))),
    };
}

// The service looks through a part of a large catalogue at a time.
const noneFound = (query, after, next) => next ? 'Nothing was found yet; the next page looks further.'
    : after ? 'There are no further items.'
        : query ? `No title has “${query}” in it, and no id begins with it.` : 'The catalogue is empty. Items are put by POST /v1/items.';

function searchForm(query) {
    const input = el('input', {
        id: 'items-query', type: 'search', value: query, autocomplete: 'off', spellcheck: 'false', maxlength: 200,
    });
    return el('form', {
        class: 'inline-form', onsubmit: event => {
            event.preventDefault();
            location.hash = itemsAddress({ query: input.value.trim() });
        },
    }, el('label', { for: input.id }, 'Part of the title, or the beginning of the id'), input,
    el('button', { type: 'submit', class: 'quiet' }, 'Search'));
}
