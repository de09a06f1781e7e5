// How the attention lies over the window: a bar for each event, the oldest at the left.

import { svg } from '../dom.js';
import { moment, percent } from '../format.js';

const tall = 32;

export function attentionBars(events) {
    const highest = Math.max(...events.map(e => e.attention));
    const size = e => Math.max(0.5, highest > 0 ? e.attention / highest * tall : 0);
    const top = events.reduce((best, e) => e.attention > best.attention ? e : best);
    return svg('svg', {
        class: 'attention-bars', viewBox: `0 0 ${events.length} ${tall}`, preserveAspectRatio: 'none', role: 'img',
        'aria-label': `Attention over ${events.length} events, the oldest first; the most, ${percent(top.attention, 1)}, is on ${top.kind} ${top.itemId}`,
    }, events.map((e, i) => svg('rect', { x: i + 0.1, y: tall - size(e), width: 0.8, height: size(e) },
        svg('title', {}, `${moment(new Date(e.timestamp))}: ${e.kind} ${e.itemId}, ${percent(e.attention, 1)}`))));
}
