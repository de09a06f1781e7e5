// A user of whom the service knows nothing yet.

import { card } from '../card.js';
import { el } from '../dom.js';
import { problemNote } from '../problem.js';
import { sendCard } from './send.js';

/** Says so, and lets the first event be sent. */
export function unknownUser(source, problem) {
    const known = card('No profile yet');
    known.body.append(problemNote(problem));
    const send = sendCard(source, { suggestions: () => [], onChange: () => dispatchEvent(new Event('show-again')) });
    return el('div', { class: 'page' },
        el('div', { class: 'head' }, el('h1', { tabindex: -1 }, source.userId)),
        el('div', { class: 'row' }, known.node, send.node));
}
