// What the user would likely do next.

import { card } from '../card.js';
import { bars } from '../charts/bars.js';
import { el } from '../dom.js';
import { percent } from '../format.js';
import { emptyNote } from './empty.js';

const most = 5;
const leastShown = 0.005; // below, it is 0%

export function predictionsCard(source) {
    const shown = card('What comes next');
    return {
        node: shown.node,
        fail: shown.fail,
        show: ({ kinds = [], categories = [] }) => shown.show(kinds.length + categories.length === 0
            ? emptyNote(source, 'Nothing can be predicted yet.')
            : el('div', { class: 'pair' },
                chances('Kind of event', kinds, k => k.kind),
                chances('Category', categories, c => c.category))),
    };
}

const chances = (title, all, name) => all.length > 0 && el('div', {},
    el('h3', {}, title),
    bars(all.filter(chance => chance.probability >= leastShown).slice(0, most)
        .map(chance => ({ name: name(chance), share: chance.probability, value: percent(chance.probability) }))));
