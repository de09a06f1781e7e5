// The fields of an event, with what the service says against each of them.

import { el, replace } from '../dom.js';
import { field, joined, listed, numeric } from '../field.js';

export const priced = ['view', 'click', 'cart', 'purchase']; // kinds whose value is a price
const kinds = ['view', 'click', 'cart', 'purchase', 'rating', 'review', 'like', 'dislike', 'share', 'search'];

export function eventFields() {
    const items = el('datalist', { id: 'send-items' });
    const fields = {
        kind: field('send', 'kind', 'Kind', el('select', {}, kinds.map(kind => el('option', {}, kind)))),
        itemId: field('send', 'itemId', 'Item', el('input', { list: items.id, autocomplete: 'off', spellcheck: 'false' })),
        categories: field('send', 'categories', 'Categories', el('input', { autocomplete: 'off', spellcheck: 'false' }), 'comma-separated'),
        value: field('send', 'value', 'Value', el('input', { inputmode: 'decimal', autocomplete: 'off' }), 'price or rating'),
        text: field('send', 'text', 'Text', el('textarea', { rows: 2 }), 'what the user writes'),
        timestamp: field('send', 'timestamp', 'Time',
            el('input', { autocomplete: 'off', spellcheck: 'false', placeholder: 'now' }), 'ISO 8601; empty for now'),
    };
    const known = new Map();
    const { kind, itemId, categories, value, text, timestamp } = fields;
    const node = el('div', { class: 'fields' }, items,
        el('div', { class: 'fields-pair' }, kind.node, itemId.node),
        el('div', { class: 'fields-pair is-even' }, categories.node, value.node),
        el('details', {}, el('summary', {}, 'Text and time'), text.node, timestamp.node));

    let offered = ''; // as the value
    const offerValue = item => {
        offered = String(priced.includes(kind.input.value) ? item?.value ?? '' : '');
        value.input.value = offered;
    };
    const complete = item => {
        categories.input.value = joined(item?.categories ?? []);
        offerValue(item);
    };
    kind.input.addEventListener('change', () => value.input.value === offered && offerValue(known.get(itemId.input.value)));
    itemId.input.addEventListener('input', () => known.has(itemId.input.value) && complete(known.get(itemId.input.value)));

    return {
        node,

        /** Offers items; the first is the default of a form that nobody has written in. */
        suggest(suggested) {
            known.clear();
            for (const item of suggested) {
                const former = known.get(item.itemId) ?? item;
                known.set(item.itemId, { ...former, value: former.value ?? item.value ?? item.price });
            }
            replace(items, [...known.values()].map(item => el('option', { value: item.itemId }, item.title ?? item.categories?.join(', ') ?? '')));
            const [first] = known.values();
            if (first && itemId.input.value === '' && document.activeElement !== itemId.input) {
                itemId.input.value = first.itemId;
                complete(first);
            }
        },

        /** The event as the service takes it. */
        read() {
            return {
                kind: kind.input.value,
                itemId: itemId.input.value.trim(),
                timestamp: timestamp.input.value.trim() || new Date().toISOString(),
                categories: listed(categories.input.value),
                value: numeric(value.input.value),
                text: text.input.value || undefined,
            };
        },

        clear: () => Object.values(fields).forEach(f => f.say('')),

        /** Says each problem at its field; false where none of them is about one. */
        show(problems) {
            const named = problems.map(problem => [fields[problem.field?.replace(/\[\d+\]$/, '')], problem.detail]).filter(([f]) => f);
            for (const [f, detail] of named) {
                f.node.closest('details')?.setAttribute('open', '');
                f.say(detail);
            }
            named[0]?.[0].input.focus();
            return named.length > 0;
        },
    };
}
