// When a request is sent again, and after which wait.

const TEMPORARY = new Set([429, 502, 503, 504]);
const MAX_JITTER = 0.2; // random extension of the wait that the service asks for, as a share of it

/**
 * How often and how soon requests are sent again. attempts: how often a request is sent at most. firstDelay, longestDelay: milliseconds;
 * the wait doubles from one to the other and is partly random, so that clients do not all return at the same time. Where the service asks
 * for a longer wait than longestDelay, its answer is the result.
 */
export interface Retry {
    attempts: number;
    firstDelay: number;
    longestDelay: number;
}

export const DEFAULT_RETRY: Retry = { attempts: 5, firstDelay: 200, longestDelay: 10_000 };

/** Milliseconds before the request is sent again; undefined where it is not. attempt: 1 after the first. answer: undefined without one. */
export function waitAfter(retry: Retry, attempt: number, answer: Response | undefined): number | undefined {
    if (attempt >= retry.attempts || (answer && !TEMPORARY.has(answer.status)))
        return undefined;
    const asked = askedFor(answer?.headers.get("Retry-After") ?? "");
    if (asked === undefined)
        return Math.min(retry.longestDelay, retry.firstDelay * 2 ** (attempt - 1)) * between(0.5, 1);
    return asked <= retry.longestDelay ? Math.min(retry.longestDelay, asked * between(1, 1 + MAX_JITTER)) : undefined;
}

/** The milliseconds of a Retry-After, which has seconds or a date; undefined where it has neither. */
function askedFor(text: string): number | undefined {
    if (/^\d+$/.test(text))
        return 1_000 * Number(text);
    const until = Date.parse(text);
    return Number.isNaN(until) ? undefined : Math.max(0, until - Date.now());
}

const between = (least: number, most: number): number => least + (most - least) * Math.random();
