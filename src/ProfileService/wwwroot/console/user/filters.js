// Which items may be recommended, as a form.

import { el } from '../dom.js';
import { field, listed, numeric } from '../field.js';
import { many } from '../format.js';

const seen = [['window', 'what is in the window'], ['ever', 'what was ever met'], ['purchased', 'what was bought'], ['never', 'nothing']];

/** @param onChange is called when the form is sent or emptied */
export function filterForm(onChange) {
    const fields = fieldsOf();
    const { excludeSeen, diversity, ...rest } = fields;
    const summary = el('summary', {}, 'Filters');
    const node = el('details', { class: 'filters' }, summary, el('form', { class: 'fields', novalidate: true },
        el('p', { class: 'muted small filters-hint' }, 'Several categories or labels with commas between them; in quotes what has a comma itself.'),
        Object.values(fields).map(({ node }) => node),
        el('div', { class: 'steps' },
            el('button', { type: 'submit', class: 'quiet' }, 'Show'),
            el('button', { type: 'reset', class: 'quiet' }, 'Without filters'))));
    const changed = () => {
        const { filter = {}, ...others } = read();
        const inUse = Object.keys(filter).length + Object.keys(others).length;
        summary.textContent = inUse > 0 ? `Filters: ${many(inUse, 'field')} in use` : 'Filters';
        onChange();
    };
    node.addEventListener('submit', event => {
        event.preventDefault();
        changed();
    });
    node.addEventListener('reset', () => setTimeout(changed)); // the fields are emptied after this

    /** The fields of a request, without those that stand at their defaults. */
    function read() {
        const { maxPerCategory, minPrice, maxPrice, ...lists } = rest;
        const filter = written({
            ...Object.fromEntries(Object.entries(lists).map(([name, { input }]) => [name, listed(input.value)])),
            minPrice: numeric(minPrice.input.value),
            maxPrice: numeric(maxPrice.input.value),
        });
        return written({
            filter: Object.keys(filter).length > 0 ? filter : undefined,
            excludeSeen: excludeSeen.input.value === seen[0][0] ? undefined : excludeSeen.input.value,
            maxPerCategory: numeric(maxPerCategory.input.value),
            diversity: Number(diversity.input.value) || undefined,
        });
    }

    return { node, read };
}

const written = fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const fieldsOf = () => ({
    categories: text('categories', 'Only categories'),
    excludeCategories: text('excludeCategories', 'Without categories'),
    labels: text('labels', 'Only labels'),
    excludeLabels: text('excludeLabels', 'Without labels'),
    minPrice: text('minPrice', 'Price from'),
    maxPrice: text('maxPrice', 'Price up to'),
    excludeSeen: field('filter', 'excludeSeen', 'Leave out',
        el('select', {}, seen.map(([value, words]) => el('option', { value }, words)))),
    maxPerCategory: text('maxPerCategory', 'Most of a category'),
    diversity: field('filter', 'diversity', 'Diversity', el('input', { type: 'range', min: 0, max: 1, step: 0.05, value: 0 }), '0 to 1'),
});

const text = (name, label) => field('filter', name, label, el('input', { autocomplete: 'off', spellcheck: 'false' }));
