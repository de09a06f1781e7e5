// The service's own checks.

import { rows } from '../rows.js';
import { Problem } from '../api.js';
import { within } from '../patience.js';

/** Rows of check and outcome; readiness that is red is an answer too. */
export async function healthRows(signal) {
    const reply = await fetch('health/ready', { cache: 'no-store', signal: within(signal) }).catch(() => null);
    if (!reply)
        throw new Problem(0);
    const health = await reply.json();
    return rows([
        ['The service', health.status],
        ...Object.entries(health.checks ?? {}).map(([name, check]) => [name, check.description ? `${check.status}: ${check.description}` : check.status]),
    ]);
}
