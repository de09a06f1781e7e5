// Whether an item may be recommended, to be switched.

import { announce } from '../announce.js';
import { patchJson } from '../api.js';
import { el } from '../dom.js';

export const itemPath = itemId => `v1/items/${encodeURIComponent(itemId)}`;

/** @param say shows what went wrong; an empty text takes it away */
export function available({ itemId, available }, say) {
    const box = el('input', { type: 'checkbox', checked: available !== false, 'aria-label': `${itemId} is available` });
    box.addEventListener('change', async () => {
        box.disabled = true;
        say('');
        try {
            await patchJson(itemPath(itemId), { available: box.checked });
            announce(`${itemId} is ${box.checked ? 'available' : 'not available any more'}.`);
        } catch (problem) {
            box.checked = !box.checked;
            say(`${itemId}: ${problem.message}`);
        }
        box.disabled = false;
        box.focus();
    });
    return box;
}
