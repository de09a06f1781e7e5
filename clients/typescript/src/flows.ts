// What flows out: pages of changes and of all profiles, with their vectors.

import { allLinesIn } from "./lines.js";
import { floatsOfBase64 } from "./vectors.js";

/**
 * A profile that was stored, or one that is to be deleted. pseudonym: stands for the user, the same in every line; in a deletion nothing
 * else names the user. revision: of the profile; of a deletion, up to which one, undefined for any. vector: undefined if none was asked
 * for.
 */
export interface ProfileChange {
    userId?: string;
    pseudonym: string;
    model?: string;
    revision?: number;
    computedAt?: string;
    vector?: Float32Array;
    deleted: boolean;
}

/** Changes in the order in which they are to be applied. cursor: what to ask for next, once they are applied. */
export interface ProfileChanges {
    changes: ProfileChange[];
    cursor: string;
}

/** A profile of a page. */
export interface ExportedProfile {
    userId: string;
    pseudonym: string;
    revision: number;
    computedAt: string;
    vector: Float32Array;
}

/**
 * A page of all profiles. cursor: where to follow the changes from; use that of the first page. digest: tells the model from another
 * package of the same name and version; if model or digest differ from the page before, begin anew. next: the user id to go on after.
 */
export interface ExportedProfiles {
    cursor: string;
    model: string;
    digest?: string;
    profiles: ExportedProfile[];
    next?: string;
}

export async function changesIn(answer: Response): Promise<ProfileChanges> {
    const lines = await allLinesIn(answer, "cursor");
    const { cursor } = lines.pop() as { cursor: string };
    return { changes: lines.map(line => ({ deleted: false, ...line, ...vectorIn(line) }) as ProfileChange), cursor };
}

export async function exportedIn(answer: Response): Promise<ExportedProfiles> {
    const [head, ...lines] = await allLinesIn(answer, "profiles");
    const { next } = lines.pop() as { next?: string };
    const { cursor, model, digest } = head as { cursor: string; model: string; digest?: string };
    const profiles = lines.map(line => ({ ...line, ...vectorIn(line) }) as ExportedProfile);
    return { cursor, model, ...(digest === undefined ? {} : { digest }), profiles, ...(next === undefined ? {} : { next }) };
}

const vectorIn = (line: Record<string, unknown>): { vector?: Float32Array } =>
    typeof line["vector"] === "string" ? { vector: floatsOfBase64(line["vector"]) } : {};
