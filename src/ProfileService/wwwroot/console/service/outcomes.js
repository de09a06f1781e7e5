// What became of recommendations.

import { el } from '../dom.js';
import { count, percent } from '../format.js';
import { rows } from '../rows.js';

/** @param outcomes by model; undefined while the store is away. */
export const outcomeRows = outcomes => outcomes?.length > 0
    ? rows(outcomes.map(({ model, shown, clicked, bought }) =>
        [model, `${count(shown)} shown, ${share(clicked, shown)} clicked, ${share(bought, shown)} bought`]))
    : el('p', { class: 'muted' }, outcomes ? 'No items were recommended in the last 30 days.' : 'Not known now.');

const share = (part, whole) => whole > 0 ? `${count(part)} (${percent(part / whole, 1)})` : count(part);
