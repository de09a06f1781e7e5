// One attribute in a form: its name, what kind of value it has, and the value.

import { el } from '../dom.js';

const kinds = [['string', 'text'], ['number', 'number'], ['boolean', 'yes or no']];

/** @param onRemove is called when the row is taken away */
export function attributeRow(name, value, onRemove) {
    const called = el('input', { value: name, 'aria-label': 'Name', autocomplete: 'off', spellcheck: 'false' });
    const which = name || 'the new attribute';
    const kind = el('select', { 'aria-label': `Kind of ${which}` },
        kinds.map(([type, words]) => el('option', { value: type, selected: typeof value === type }, words)));
    const written = value === true ? 'yes' : value === false ? 'no' : value;
    const content = el('input', { value: written, 'aria-label': `Value of ${which}`, autocomplete: 'off' });
    const remove = el('button', { type: 'button', class: 'quiet', 'aria-label': `Remove ${which}` }, 'Remove');
    const node = el('li', { class: 'attribute' }, called, kind, content, remove);
    remove.addEventListener('click', () => {
        (node.nextElementSibling ?? node.previousElementSibling ?? node.closest('form')).querySelector('button')?.focus();
        node.remove();
        onRemove();
    });
    return {
        node,
        focus: () => called.focus(),
        /** Name and value; throws an Error that says why the value is not of its kind. */
        read: () => [called.value.trim(), valueOf(kind.value, content.value.trim(), called.value.trim())],
    };
}

function valueOf(kind, written, name) {
    if (kind === 'string')
        return written;
    if (kind === 'boolean' && ['yes', 'no'].includes(written.toLowerCase()))
        return written.toLowerCase() === 'yes';
    if (kind === 'number' && written !== '' && Number.isFinite(Number(written.replace(',', '.'))))
        return Number(written.replace(',', '.'));
    throw new Error(kind === 'number' ? `${name}: “${written}” is not a number.` : `${name}: write yes or no.`);
}
