// What a card says that has nothing to show.

import { el } from '../dom.js';

/** @param {string} otherwise why there is nothing although the model knows something of the user */
export const emptyNote = (source, otherwise) =>
    el('p', { class: 'note' }, source.isUnknownToModel ? 'The model knows nothing of this user yet.' : otherwise);
