// A labelled field with a hint and with what is wrong with it.

import { el } from './dom.js';

/** @param {string} form begins the ids of all fields of one form */
export function field(form, name, label, input, hint) {
    const [id, errorId, hintId] = [`${form}-${name}`, `${form}-${name}-error`, `${form}-${name}-hint`];
    const error = el('span', { id: errorId, class: 'wrong' });
    input.id = id;
    input.name = name;
    input.setAttribute('aria-describedby', hint ? `${hintId} ${errorId}` : errorId);
    return {
        input,
        node: el('div', { class: 'field' },
            el('div', { class: 'field-head' },
                el('label', { for: id }, label), hint && el('span', { id: hintId, class: 'muted small' }, hint)),
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

/** Words that were written with commas between them, those in double quotes as they stand; undefined for none. */
export function listed(text) {
    const words = [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/g)]
        .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain.trim()).filter(Boolean);
    return words.length > 0 ? words : undefined;
}

/** What `listed` reads as these words again. */
export const joined = words => words.map(word => /[",]|^\s|\s$/.test(word) ? `"${word.replaceAll('"', '""')}"` : word).join(', ');

const grouped = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/; // thousands, as the console writes them itself

/**
 * The number that was written, undefined for none. A comma that cannot be between thousands is a decimal sign. What is no number goes
 * as it was written: it is the service that says what is wrong.
 */
export function numeric(text) {
    const written = text.trim();
    const number = Number(grouped.test(written) ? written.replaceAll(',', '') : written.replace(',', '.'));
    return written === '' ? undefined : Number.isFinite(number) ? number : written;
}
