// How long the page waits for an answer.

const patience = 20_000; // milliseconds

/** Ends a call that takes too long, or that a signal ends before. */
export function within(signal) {
    const bound = AbortSignal.timeout(patience);
    return signal ? AbortSignal.any([signal, bound]) : bound;
}
