// Calls of which only the last one counts.

/** A function that gives each call a signal, which aborts when the next call begins, or with the signal of the page. */
export function latest(signal) {
    let last = new AbortController();
    return () => {
        last.abort();
        last = new AbortController();
        return AbortSignal.any([signal, last.signal]);
    };
}
