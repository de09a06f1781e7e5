// A vector as a row of bars: up for positive, down for negative.

import { svg } from '../dom.js';

const tall = 40;

/** `full` is the size that fills half of the height. */
export function vectorBars(vector, { label, full = Math.max(...vector.map(Math.abs)) }) {
    const bar = (value, i) => {
        const size = full > 0 ? Math.min(1, Math.abs(value) / full) * tall / 2 : 0;
        return svg('rect', { x: i + 0.1, y: value > 0 ? tall / 2 - size : tall / 2, width: 0.8, height: size, class: value > 0 ? 'vector-up' : 'vector-down' });
    };
    return svg('svg', { class: 'vector', viewBox: `0 0 ${vector.length} ${tall}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
        vector.map(bar),
        svg('line', { x1: 0, x2: vector.length, y1: tall / 2, y2: tall / 2, class: 'vector-zero', 'vector-effect': 'non-scaling-stroke' }));
}
