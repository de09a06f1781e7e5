// The segments of the vector in words: which part of the profile a change moves.

import { percent } from '../format.js';

const words = { now: 'what comes next', lasting: 'the lasting taste', categories: 'the mix of categories', facts: 'the habits' };

/** @param name of a segment, as the model package has it; one that is not known here stands for itself. */
export const word = name => words[name] ?? name;

/** "mostly the lasting taste, 71%", or null without segments. */
export function mostly(segments) {
    const [largest] = Object.entries(segments ?? {}).sort(([, a], [, b]) => b - a);
    return largest ? `mostly ${word(largest[0])}, ${percent(largest[1])}` : null;
}
