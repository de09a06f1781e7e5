// Many entries in requests that the service takes.

import { bodyOf, jsonOf, type Call } from "./call.js";
import { errorOf } from "./errors.js";
import type { BatchSummary, IngestSummary } from "./types.js";

const MOST = 1_000; // of an array; the service's default
const ENOUGH = 1 << 19; // bytes; no entry is as large, so that an array stays below the 1 MiB that every endpoint takes

const utf8 = new TextEncoder();

export type Entries<T> = Iterable<T> | AsyncIterable<T>;

interface Part<T> {
    call: Call<T>;
    count: number;
}

/** The entries in as few requests as there must be; one, which is refused, if there are none. */
export async function* requestsOf<T>(path: string, entries: Entries<unknown>): AsyncGenerator<Part<T>> {
    let [part, size, isAnySent] = [[] as string[], 0, false];
    for await (const entry of entries) {
        const json = jsonOf(entry);
        part.push(json);
        size += utf8.encode(json).length;
        if (part.length < MOST && size < ENOUGH)
            continue;
        yield arrayOf<T>(path, part);
        [part, size, isAnySent] = [[], 0, true];
    }

    if (part.length > 0 || !isAnySent)
        yield arrayOf<T>(path, part);
}

/** Adds up what became of events, request by request; problems keep the position among all. */
export function addEvents(total: IngestSummary, one: IngestSummary, sentBefore: number): void {
    addEntries(total, one, sentBefore);
    total.duplicates += one.duplicates;
    total.late += one.late;
    total.erased += one.erased;
    const names = new Set([...total.unknownFields ?? [], ...one.unknownFields ?? []]);
    if (names.size > 0)
        total.unknownFields = [...names].sort();
}

/** As addEvents, of items, attributes or purposes. */
export function addEntries(total: BatchSummary, one: BatchSummary, sentBefore: number): void {
    total.accepted += one.accepted;
    total.rejected += one.rejected;
    total.problems.push(...one.problems.map(problem => ({ ...problem, index: problem.index + sentBefore })));
}

const arrayOf = <T>(path: string, entries: string[]): Part<T> => ({
    count: entries.length,
    call: { method: "POST", path, headers: { "Content-Type": "application/json" }, body: `[${entries.join(",")}]`, read: summaryIn<T> },
});

/** What became of the entries. Where all are rejected the answer is 400, and says so of each. */
async function summaryIn<T>(answer: Response): Promise<T> {
    if (answer.status !== 400)
        return bodyOf<T>(answer);
    const error = await errorOf(answer);
    if (!error.problem?.["rejected"])
        throw error;
    return { accepted: 0, duplicates: 0, late: 0, erased: 0, ...error.problem } as T;
}
