// One attribute in a form: its name, what kind of value it has, and the value.

import { el } from '../dom.js';
import { numeric } from '../field.js';

const kinds = [['string', 'text'], ['number', 'number'], ['boolean', 'yes or no']];

/**
 * @param onRemove is called when the row is taken away
 * @param {[string, any]} [stored] name and value as the service has them; none for an attribute that is added
 */
export function attributeRow(onRemove, stored) {
    const [name, value] = stored ?? ['', ''];
    const called = el('input', { value: name, 'aria-label': 'Name', autocomplete: 'off', spellcheck: 'false' });
    const which = name || 'the new attribute';
    const kind = el('select', { 'aria-label': `Kind of ${which}` },
        kinds.map(([type, words]) => el('option', { value: type, selected: typeof value === type }, words)));
    const content = contentOf(value === true ? 'yes' : value === false ? 'no' : String(value), `Value of ${which}`);
    const remove = el('button', { type: 'button', class: 'quiet', 'aria-label': `Remove ${which}` }, 'Remove');
    const node = el('li', { class: 'attribute' }, called, kind, content, remove);
    remove.addEventListener('click', () => {
        (node.nextElementSibling ?? node.previousElementSibling ?? node.closest('form')).querySelector('button')?.focus();
        node.remove();
        onRemove();
    });
    const shown = { name: called.value, kind: kind.value, content: content.value }; // a field may not hold every text as it is
    const isRenamed = () => called.value !== shown.name;
    const isRewritten = () => kind.value !== shown.kind || content.value !== shown.content;

    return {
        node,
        former: stored?.[0],
        focus: () => called.focus(),
        isChanged: () => isRenamed() || isRewritten(),

        /** Name and value, and whether the value was written here; throws an Error that says what is wrong with them. */
        read() {
            const given = isRenamed() ? called.value.trim() : name;
            if (!given)
                throw new Error('An attribute has no name.');
            return { name: given, value: isRewritten() ? valueOf(kind.value, content.value, given, value) : value, isWritten: isRewritten() };
        },
    };
}

/** A field of one line, or of several where the value has them. */
function contentOf(written, label) {
    const content = el(/[\r\n]/.test(written) ? 'textarea' : 'input', { 'aria-label': label, autocomplete: 'off' });
    content.value = written;
    return content;
}

function valueOf(kind, written, name, stored) {
    const word = written.trim();
    if (kind === 'string')
        return textOf(written, String(stored));
    if (kind === 'boolean' && ['yes', 'no'].includes(word.toLowerCase()))
        return word.toLowerCase() === 'yes';
    const number = kind === 'number' ? numeric(word) : undefined;
    if (typeof number === 'number')
        return number;
    throw new Error(kind === 'number' ? `${name}: “${word}” is not a number.` : `${name}: write yes or no.`);
}

/** What was written, without spaces at an end where the stored text has none. */
function textOf(written, stored) {
    const begun = /^\s/.test(stored) ? written : written.trimStart();
    return /\s$/.test(stored) ? begun : begun.trimEnd();
}
