// Whether the service answers: one probe for the whole page, which comes more seldom while there is trouble, and at once when a call fails.

import { calls } from './api.js';

const calmly = 10_000; // milliseconds between probes while all is well
const firstAgain = 1_000;
const patience = 5_000;

class Connection extends EventTarget {
    /** up, degraded (a part is amiss), failing (not ready) or down (no answer). */
    state = 'up';

    /** What is amiss, in the service's own words. */
    reasons = [];

    /** When the next probe comes, in milliseconds as performance.now() counts; null while one runs. */
    nextAt = null;

    #failures = 0;
    #timer;

    /** Whether calls are in vain for now. */
    get isBroken() {
        return this.state === 'down' || this.state === 'failing';
    }

    start() {
        calls.addEventListener('trouble', () => this.isBroken || this.probe());
        document.addEventListener('visibilitychange', () => document.hidden || this.probe());
        this.#later(calmly);
    }

    async probe() {
        clearTimeout(this.#timer);
        this.nextAt = null;
        const [state, reasons] = await ask();
        const wasBroken = this.isBroken;
        const changed = state !== this.state || reasons.join() !== this.reasons.join();
        this.state = state;
        this.reasons = reasons;
        this.#failures = this.isBroken ? this.#failures + 1 : 0;
        this.#later(this.isBroken ? Math.min(calmly, firstAgain * 2 ** (this.#failures - 1)) : calmly);
        if (changed)
            this.dispatchEvent(new Event('change'));
        if (wasBroken && !this.isBroken)
            this.dispatchEvent(new Event('back'));
    }

    #later(wait) {
        clearTimeout(this.#timer);
        this.nextAt = performance.now() + wait;
        this.#timer = setTimeout(() => document.hidden ? this.#later(wait) : this.probe(), wait);
    }
}

export const connection = new Connection();

/** @returns {Promise<[string, string[]]>} the state, and what is amiss */
async function ask() {
    try {
        const reply = await fetch('health/ready', { cache: 'no-store', signal: AbortSignal.timeout(patience) });
        const health = await reply.json();
        const reasons = Object.entries(health.checks ?? {}).filter(([, check]) => check.status !== 'Healthy').map(([name, check]) => `${name}: ${check.description ?? check.status}`);
        return [!reply.ok ? 'failing' : reasons.length > 0 ? 'degraded' : 'up', reasons];
    } catch {
        return ['down', []];
    }
}
