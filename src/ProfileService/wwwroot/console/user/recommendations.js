// What the user would likely want next.

import { getJson, userPath } from '../api.js';
import { card } from '../card.js';
import { bars } from '../charts/bars.js';
import { el } from '../dom.js';
import { amount, figure } from '../format.js';

const most = 8;

export function recommendationsCard(userId, signal) {
    const onlyNew = el('input', { type: 'checkbox', id: 'only-new', checked: true, onchange: () => load() });
    const shown = card('Recommendations', { aside: el('label', { class: 'check' }, onlyNew, ' only unseen') });
    const self = { node: shown.node, items: [], load };

    async function load() {
        try {
            const { items } = await getJson(userPath(userId, `recommendations?count=${most}&excludeSeen=${onlyNew.checked}`), { signal });
            self.items = items;
            shown.show(items.length === 0 ? el('p', { class: 'note' }, 'Nothing is left to recommend.') : bars(items.map(item => ({
                name: item.title ?? item.itemId,
                share: Math.max(0, item.score),
                value: el('strong', { title: 'score' }, figure(item.score)),
                more: [item.title && item.itemId, item.categories?.join(', '), item.price !== undefined && amount(item.price)].filter(Boolean).join(' · '),
            })), { full: Math.max(1e-9, ...items.map(item => item.score)), kind: 'is-two-line' }));
        } catch (problem) {
            if (signal.aborted)
                return;
            self.items = [];
            shown.fail(problem);
        }
    }

    return self;
}
