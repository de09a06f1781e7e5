// What became of recommendations: how good each model is for the users that it serves.

import { el } from '../dom.js';
import { count, percent } from '../format.js';
import { table } from '../table.js';

/** @param outcomes by model; undefined while the store is away. */
export const outcomeRows = outcomes => outcomes?.length > 0
    ? table('Recommendations by model', ['Model', 'Shown', 'Clicked', 'Bought'], outcomes.map(({ model, shown, clicked, bought }) =>
        [model, count(shown), share(clicked, shown), share(bought, shown)]))
    : el('p', { class: 'muted' }, outcomes ? 'No items were recommended in the last 30 days.' : 'Not known now.');

const share = (part, whole) => whole > 0 ? `${count(part)} (${percent(part / whole, 1)})` : count(part);
