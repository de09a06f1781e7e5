// How far the vector turns without each event of the window: a bar for each event, the oldest at the left.

import { svg } from '../dom.js';
import { figure, moment, percent } from '../format.js';

const tall = 32;

export function changeBars(events) {
    const change = e => e.change ?? 0;
    const top = events.reduce((best, e) => change(e) >= change(best) ? e : best);
    const size = e => Math.max(0.5, change(top) > 0 ? change(e) / change(top) * tall : 0);
    return svg('svg', {
        class: 'change-bars', viewBox: `0 0 ${events.length} ${tall}`, preserveAspectRatio: 'none', role: 'img',
        'aria-label': `How far the vector turns without each of ${events.length} events, the oldest first; farthest, ${figure(change(top))}, without ${top.kind} ${top.itemId}`,
    }, events.map((e, i) => svg('rect', { x: i + 0.1, y: tall - size(e), width: 0.8, height: size(e) },
        svg('title', {}, `${moment(new Date(e.timestamp))}: ${e.kind} ${e.itemId}, ${told(e)}`))));
}

const told = e => e.change === undefined ? 'not read by the model' : `turns by ${figure(e.change)} without it, attention ${percent(e.attention, 1)}`;
