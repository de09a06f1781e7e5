// What the last session was for.

import { stack } from '../charts/stack.js';
import { percent } from '../format.js';

const names = [['buy', 'Buy'], ['compare', 'Compare'], ['browse', 'Browse'], ['feedback', 'Feedback on what was bought']];

export const intentStack = ({ intent }) =>
    stack(names.map(([kind, name]) => ({ name, share: intent[kind] ?? 0, value: percent(intent[kind] ?? 0) })));
