// Answers that are NDJSON: an object a line.

import { throwRefusal } from "./call.js";
import { ProfileServiceError, unreadable } from "./errors.js";

/** A line of an export; section says what it has, and is "end" on the last. */
export type ExportLine = Record<string, unknown> & { section?: string };

/** The lines of an answer as they come, the one that ends it last. A response that breaks off before that line is an error. */
export async function* linesIn(answer: Response): AsyncGenerator<ExportLine> {
    await throwRefusal(answer);
    let section: string | undefined;
    for await (const text of textLines(answer)) {
        const line = parse(text, answer);
        section = line.section;
        yield line;
    }

    if (section !== "end")
        throw brokenOff(answer);
}

/** All lines of an answer whose last line has this member. */
export async function allLinesIn(answer: Response, last: string): Promise<Record<string, unknown>[]> {
    await throwRefusal(answer);
    const lines = (await answer.text()).split("\n").filter(text => text !== "").map(text => parse(text, answer));
    if (!(last in (lines.at(-1) ?? {})))
        throw brokenOff(answer);
    return lines;
}

async function* textLines(answer: Response): AsyncGenerator<string> {
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    try {
        let rest = "";
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
            const lines = (rest + part.value).split("\n");
            rest = lines.pop()!;
            yield* lines.filter(line => line !== "");
        }

        if (rest !== "")
            yield rest;
    } finally {
        await reader.cancel().catch(() => undefined); // the caller has left early, or the connection broke off
    }
}

function parse(text: string, answer: Response): ExportLine {
    try {
        return JSON.parse(text) as ExportLine;
    } catch {
        throw unreadable(answer);
    }
}

const brokenOff = (answer: Response): ProfileServiceError => new ProfileServiceError("The answer broke off before its end.", answer.status);
