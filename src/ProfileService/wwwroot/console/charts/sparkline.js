// The last minutes of one figure as a line.

import { svg } from '../dom.js';

const wide = 120;
const tall = 32;

/** `most` values fill the width; the newest is at the right. */
export function sparkline(values, { label, most }) {
    const highest = Math.max(...values, Number.MIN_VALUE);
    const points = values.map((value, i) => `${(wide * (most - values.length + i) / (most - 1)).toFixed(1)},${(tall - 1 - value / highest * (tall - 3)).toFixed(1)}`);
    const first = points[0]?.split(',')[0];
    return svg('svg', { class: 'sparkline', viewBox: `0 0 ${wide} ${tall}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
        points.length > 1 && [
            svg('polygon', { class: 'sparkline-area', points: `${first},${tall} ${points.join(' ')} ${wide},${tall}` }),
            svg('polyline', { class: 'sparkline-line', points: points.join(' '), 'vector-effect': 'non-scaling-stroke' }),
        ]);
}
