// Vectors as the service sends them: little-endian float32, a row a user.

import { throwRefusal } from "./call.js";
import { unreadable } from "./errors.js";

const BYTES_EACH = Float32Array.BYTES_PER_ELEMENT;
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Vectors of many users. model: name and version of the model that computed them; vectors of two models cannot be compared.
 * unavailable: how many profiles cannot be read or computed now: a store is away, or the window was altered; lookupProfiles names them.
 */
export class VectorMatrix {
    /** values: [users, dimension] in the order asked; the row of a user without a profile, or who is unavailable, is all NaN. */
    constructor(
        readonly userIds: readonly string[],
        readonly values: Float32Array,
        readonly dimension: number,
        readonly model: string,
        readonly unavailable = 0,
    ) {
    }

    /** The vector of the user that was asked for at this place; it shares the memory of values. */
    row(index: number): Float32Array {
        return this.values.subarray(index * this.dimension, (index + 1) * this.dimension);
    }

    hasVector(index: number): boolean {
        return !Number.isNaN(this.values[index * this.dimension]);
    }

    /** Whether a user has no profile. Throws where there is no vector and some users are unavailable: then it cannot be told. */
    isMissing(index: number): boolean {
        if (this.hasVector(index))
            return false;
        this.#throwIfUnavailable();
        return true;
    }

    /** Users without a profile, in the order asked. Throws while some are unavailable: then it cannot be told. */
    get missing(): string[] {
        this.#throwIfUnavailable();
        return this.userIds.filter((_, index) => !this.hasVector(index));
    }

    #throwIfUnavailable(): void {
        if (this.unavailable > 0) {
            throw new Error(`Which users have no profile cannot be told: ${this.unavailable} profiles cannot be read or `
                + "computed now. Ask lookupProfiles, which names them.");
        }
    }
}

/**
 * Scores of items for many users. model: name and version of the model that scored; scores of two models cannot be compared. unavailable:
 * how many users cannot be read or scored now; which they are rankItemsOfUsers tells.
 */
export class ScoreMatrix {
    /** values: [users, items] in the order asked. NaN: a user without a profile, or who is unavailable; an unknown or unavailable item. */
    constructor(
        readonly userIds: readonly string[],
        readonly itemIds: readonly string[],
        readonly values: Float32Array,
        readonly model: string,
        readonly unavailable: number,
    ) {
    }

    /** The scores of the user that was asked for at this place; they share the memory of values. */
    row(index: number): Float32Array {
        return this.values.subarray(index * this.itemIds.length, (index + 1) * this.itemIds.length);
    }
}

/** The numbers of an answer that is bytes. */
export async function floatsIn(answer: Response): Promise<Float32Array> {
    await throwRefusal(answer);
    const bytes = await answer.arrayBuffer();
    if (answer.headers.get("Content-Type") !== "application/octet-stream" || bytes.byteLength % BYTES_EACH !== 0)
        throw unreadable(answer);
    return floatsOf(bytes);
}

/** The vectors of the users that were asked for. */
export async function matrixIn(answer: Response, userIds: readonly string[]): Promise<VectorMatrix> {
    const values = await floatsIn(answer);
    const dimension = Number(answer.headers.get("X-Profile-Dimension"));
    if (values.length !== userIds.length * dimension)
        throw unreadable(answer);
    return new VectorMatrix(userIds, values, dimension, modelOf(answer), unavailableIn(answer));
}

/** The scores of the items that were asked for. */
export async function scoresIn(answer: Response, userIds: readonly string[], itemIds: readonly string[]): Promise<ScoreMatrix> {
    const values = await floatsIn(answer);
    if (values.length !== userIds.length * itemIds.length)
        throw unreadable(answer);
    return new ScoreMatrix(userIds, itemIds, values, modelOf(answer), unavailableIn(answer));
}

/** Numbers written in base64. */
export function floatsOfBase64(text: string): Float32Array {
    return floatsOf(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer);
}

const modelOf = (answer: Response): string => answer.headers.get("X-Profile-Model") ?? "";

const unavailableIn = (answer: Response): number => Number(answer.headers.get("X-Profile-Unavailable") ?? 0);

function floatsOf(bytes: ArrayBuffer): Float32Array {
    if (IS_LITTLE_ENDIAN)
        return new Float32Array(bytes);
    const view = new DataView(bytes);
    return Float32Array.from({ length: bytes.byteLength / BYTES_EACH }, (_, index) => view.getFloat32(index * BYTES_EACH, true));
}
