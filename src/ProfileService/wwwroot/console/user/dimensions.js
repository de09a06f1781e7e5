// The readable dimensions, a card each; a dimension without data has no card.

import { card } from '../card.js';
import { el, replace } from '../dom.js';
import { activityParts } from './activity.js';
import { attributeRows } from './attributes.js';
import { interestParts } from './interests.js';
import { intentStack } from './intent.js';
import { priceRange } from './price.js';
import { sentimentScale } from './sentiment.js';

export function dimensionCards() {
    const wide = [
        { card: card('Interests', { kind: 'is-interests', aside: 'share, and points since the earlier half' }), part: d => d.interests?.length > 0 && interestParts },
        { card: card('Activity', { kind: 'is-activity' }), part: d => d.activity?.events > 0 && activityParts },
    ];
    const narrow = [
        { card: card('Intent', { aside: 'last session' }), part: d => d.intent && intentStack },
        { card: card('Price level'), part: d => d.priceLevel && priceRange },
        { card: card('Sentiment'), part: d => d.sentiment && sentimentScale },
        { card: card('Attributes'), part: d => d.attributes && Object.keys(d.attributes).length > 0 && attributeRows },
    ];
    const rows = [wide, narrow].map(cards => ({ cards, node: el('div', { class: 'row' }) }));
    rows[1].node.classList.add('is-small');

    const all = el('div', { class: 'dimensions' }, rows.map(row => row.node));

    return {
        node: all,
        /** @param {{ dimensions?: any }} profile */
        show({ dimensions = {} }, explanation) {
            for (const { cards, node } of rows) {
                const present = cards.filter(({ part }) => part(dimensions));
                for (const { card, part } of present)
                    card.show(part(dimensions)(dimensions, explanation));
                const nodes = present.map(({ card }) => card.node);
                if (nodes.length !== node.children.length || nodes.some((n, i) => n !== node.children[i]))
                    replace(node, nodes);
                node.hidden = nodes.length === 0;
            }
            all.hidden = rows.every(({ node }) => node.hidden);
        },
    };
}
