// Who else is like the user.

import { card } from '../card.js';
import { bars } from '../charts/bars.js';
import { el } from '../dom.js';
import { compareAddress, userAddress } from '../routes.js';
import { emptyNote } from './empty.js';

const searches = { exact: 'exact search', hnsw: 'HNSW index' };

export function similarCard(source) {
    const shown = card('Similar users');
    return {
        node: shown.node,
        fail: shown.fail,
        show({ users, search }) {
            shown.say(searches[search] ?? search);
            shown.show(users.length === 0 ? emptyNote(source, 'There is no other user who may be shown.') : bars(users.map(user => ({
                name: el('a', { href: userAddress(user.userId) }, user.userId),
                share: Math.max(0, user.similarity),
                value: el('strong', { title: 'cosine' }, user.similarity.toFixed(2)),
                more: el('a', { href: compareAddress(source.userId, user.userId), 'aria-label': `Compare with ${user.userId}` }, 'compare'),
            })), { full: 1, kind: 'is-one-line' }));
        },
    };
}
