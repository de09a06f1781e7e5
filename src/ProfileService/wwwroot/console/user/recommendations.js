// What the user would likely want next, among the items that a filter admits.

import { ifAllowed, postJson, userPath } from '../api.js';
import { card } from '../card.js';
import { bars } from '../charts/bars.js';
import { el } from '../dom.js';
import { amount, figure } from '../format.js';
import { latest } from '../latest.js';
import { emptyNote } from './empty.js';
import { filterForm } from './filters.js';

const most = 8;

export function recommendationsCard(source, signal) {
    const shown = card('Recommendations');
    const list = el('div', { class: 'card-body' });
    const filters = filterForm(() => load());
    const next = latest(signal);
    const self = { node: shown.node, items: [], load };
    shown.show(filters.node, list);

    async function load() {
        const own = next(); // an answer to the former filters is of no use
        try {
            const [path, body] = [userPath(source.userId, 'recommendations'), { count: most, ...filters.read() }];
            const { items } = await ifAllowed('profiles:read', () => postJson(path, body, { signal: own }));
            if (own.aborted)
                return;
            self.items = items;
            list.replaceChildren(items.length === 0 ? emptyNote(source, 'Nothing is left to recommend.') : itemBars(items));
        } catch (problem) {
            if (own.aborted)
                return;
            self.items = [];
            list.replaceChildren(el('p', { class: 'note', role: 'alert' }, problem.message));
        }
    }

    return self;
}

const itemBars = items => bars(items.map(item => ({
    name: item.title ?? item.itemId,
    share: Math.max(0, item.score),
    value: el('strong', { title: 'score' }, figure(item.score)),
    more: [item.title && item.itemId, item.categories?.join(', '), item.price !== undefined && amount(item.price)]
        .filter(Boolean).join(' · '),
})), { full: Math.max(1e-9, ...items.map(item => item.score)), kind: 'is-two-line' });
