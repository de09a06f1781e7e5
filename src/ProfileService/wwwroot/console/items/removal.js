// A button that deletes an item, once the question beside it is answered.

import { announce } from '../announce.js';
import { call } from '../api.js';
import { el, replace } from '../dom.js';
import { itemPath } from './available.js';

/** @param say shows what went wrong; an empty text takes it away */
export function removal({ itemId }, say) {
    const place = el('span', { class: 'question' });
    const begin = el('button', { type: 'button', class: 'quiet', 'aria-label': `Delete ${itemId}`, onclick: () => ask() }, 'Delete');
    const keep = () => {
        replace(place, begin);
        begin.focus();
    };

    function ask() {
        const no = el('button', { type: 'button', class: 'quiet', onclick: keep }, 'Keep');
        replace(place, el('span', {
            role: 'group', 'aria-label': `Delete ${itemId}?`, onkeydown: event => event.key === 'Escape' && keep(),
        }, el('span', {}, 'It will not be recommended any more. Delete it? '),
        el('button', { type: 'button', class: 'quiet is-final', onclick: remove }, 'Delete it'), ' ', no));
        no.focus(); // what is pressed by mistake keeps it
    }

    async function remove() {
        say('');
        try {
            await call(itemPath(itemId), { method: 'DELETE' });
            const row = place.closest('tr');
            (row.nextElementSibling ?? row.previousElementSibling)?.querySelector('button')?.focus();
            row.remove();
            announce(`${itemId} is deleted.`);
        } catch (problem) {
            keep();
            say(`${itemId}: ${problem.message}`);
        }
    }

    replace(place, begin);
    return place;
}
