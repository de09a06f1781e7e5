// How far the profile is behind the user's events, counted on each second.

import { announce } from '../announce.js';
import { el } from '../dom.js';
import { capital, many, pending, span } from '../format.js';

export function freshness(source) {
    const state = el('strong');
    const age = el('span');
    const facts = el('span', { class: 'fresh-facts' });
    const node = el('p', { class: 'fresh' }, el('span', { class: 'fresh-dot', 'aria-hidden': 'true' }), state, age, facts);
    let said = null;

    return {
        node,
        tick() {
            const { freshness, eventCount, model } = source.profile;
            const word = capital(pending(freshness) ?? 'up to date');
            node.classList.toggle('is-stale', freshness.stale);
            state.textContent = word;
            age.textContent = `computed ${span(source.ageSeconds)} ago`;
            facts.textContent = `${many(eventCount, 'event')} · ${model}`;
            if (said !== null && said !== word)
                announce(word); // the age is not said: it changes each second
            said = word;
        },
    };
}
