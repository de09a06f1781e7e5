// Work that is done again and again while the page is seen and the service answers.

import { connection } from './connection.js';

const longest = 30_000; // milliseconds between two tries, however often they failed

/** Does `work` every so many milliseconds, more seldom while it fails, until the signal; returns a function that does it now. */
export function poll(work, every, signal) {
    let timer;
    let failures = 0;
    let isRunning = false;

    const run = async () => {
        clearTimeout(timer);
        if (signal.aborted || isRunning || document.hidden || connection.isBroken)
            return; // the listeners below begin again
        isRunning = true;
        try {
            await work();
            failures = 0;
        } catch {
            failures++; // whoever shows the work's outcome has shown this too
        }
        isRunning = false;
        clearTimeout(timer);
        timer = setTimeout(run, Math.min(longest, every * 2 ** failures));
    };

    document.addEventListener('visibilitychange', run, { signal });
    connection.addEventListener('back', run, { signal });
    signal.addEventListener('abort', () => clearTimeout(timer));
    timer = setTimeout(run, every);
    return run;
}

/** Does `work` each second for as long as the page is there. */
export function eachSecond(work, signal) {
    const timer = setInterval(work, 1000);
    signal.addEventListener('abort', () => clearInterval(timer));
}
