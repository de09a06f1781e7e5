// The fields of an event, with what the service says against each of them.

import { el, replace } from '../dom.js';

const kinds = ['view', 'click', 'cart', 'purchase', 'rating', 'review', 'like', 'dislike', 'share', 'search'];

export function eventFields() {
    const items = el('datalist', { id: 'send-items' });
    const fields = {
        kind: field('kind', 'Kind', el('select', {}, kinds.map(kind => el('option', {}, kind)))),
        itemId: field('itemId', 'Item', el('input', { list: items.id, autocomplete: 'off', spellcheck: 'false' })),
        categories: field('categories', 'Categories', el('input', { autocomplete: 'off', spellcheck: 'false' }), 'comma-separated'),
        value: field('value', 'Value', el('input', { inputmode: 'decimal', autocomplete: 'off' }), 'price or rating'),
        text: field('text', 'Text', el('textarea', { rows: 2 }), 'what the user writes'),
        timestamp: field('timestamp', 'Time', el('input', { autocomplete: 'off', spellcheck: 'false', placeholder: 'now' }), 'ISO 8601; empty for now'),
    };
    const known = new Map();
    const { kind, itemId, categories, value, text, timestamp } = fields;
    const node = el('div', { class: 'fields' }, items,
        el('div', { class: 'fields-pair' }, kind.node, itemId.node),
        el('div', { class: 'fields-pair is-even' }, categories.node, value.node),
        el('details', {}, el('summary', {}, 'Text and time'), text.node, timestamp.node));

    const complete = item => {
        categories.input.value = item?.categories?.join(', ') ?? '';
        value.input.value = item?.value ?? item?.price ?? '';
    };
    itemId.input.addEventListener('input', () => known.has(itemId.input.value) && complete(known.get(itemId.input.value)));

    return {
        node,

        /** Offers items; the first is the default of a form that nobody has written in. */
        suggest(offered) {
            known.clear();
            for (const item of offered) {
                if (!known.has(item.itemId))
                    known.set(item.itemId, item);
            }
            replace(items, [...known.values()].map(item => el('option', { value: item.itemId }, item.title ?? item.categories?.join(', ') ?? '')));
            const [first] = known.values();
            if (first && itemId.input.value === '' && document.activeElement !== itemId.input) {
                itemId.input.value = first.itemId;
                complete(first);
            }
        },

        /** The event as the service takes it. What is no number goes as it was written: it is the service that says what is wrong. */
        read() {
            const written = value.input.value.trim();
            const number = Number(written.replace(',', '.'));
            return {
                kind: kind.input.value,
                itemId: itemId.input.value.trim(),
                timestamp: timestamp.input.value.trim() || new Date().toISOString(),
                categories: listed(categories.input.value),
                value: written === '' ? undefined : Number.isFinite(number) ? number : written,
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

function listed(text) {
    const words = text.split(',').map(word => word.trim()).filter(Boolean);
    return words.length > 0 ? words : undefined;
}

function field(name, label, input, hint) {
    const [id, errorId, hintId] = [`send-${name}`, `send-${name}-error`, `send-${name}-hint`];
    const error = el('span', { id: errorId, class: 'wrong' });
    input.id = id;
    input.name = name;
    input.setAttribute('aria-describedby', hint ? `${hintId} ${errorId}` : errorId);
    return {
        input,
        node: el('div', { class: 'field' },
            el('div', { class: 'field-head' }, el('label', { for: id }, label), hint && el('span', { id: hintId, class: 'muted small' }, hint)),
            input, error),
        say(detail) {
            error.textContent = detail;
            if (detail)
                input.setAttribute('aria-invalid', 'true');
            else
                input.removeAttribute('aria-invalid');
        },
    };
}
