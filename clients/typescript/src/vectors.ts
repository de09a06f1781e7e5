// Vectors as the service sends them: little-endian float32, a row a user.

import { throwRefusal } from "./call.js";
import { unreadable } from "./errors.js";

const BYTES_EACH = Float32Array.BYTES_PER_ELEMENT;
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Vectors of many users. model: name and version of the model that computed them; vectors of two models cannot be compared. */
export class VectorMatrix {
    /** values: [users, dimension] in the order asked; the row of a user without a profile is all NaN. */
    constructor(readonly userIds: readonly string[], readonly values: Float32Array, readonly dimension: number, readonly model: string) {
    }

    /** The vector of the user that was asked for at this place; it shares the memory of values. */
    row(index: number): Float32Array {
        return this.values.subarray(index * this.dimension, (index + 1) * this.dimension);
    }

    isMissing(index: number): boolean {
        return Number.isNaN(this.values[index * this.dimension]);
    }

    /** Users without a profile, in the order asked. */
    get missing(): string[] {
        return this.userIds.filter((_, index) => this.isMissing(index));
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
    const [dimension, model] = [Number(answer.headers.get("X-Profile-Dimension")), answer.headers.get("X-Profile-Model") ?? ""];
    if (values.length !== userIds.length * dimension)
        throw unreadable(answer);
    return new VectorMatrix(userIds, values, dimension, model);
}

/** The numbers of an answer, as rows of so many. */
export async function rowsIn(answer: Response, rows: number, length: number): Promise<Float32Array[]> {
    const values = await floatsIn(answer);
    if (values.length !== rows * length)
        throw unreadable(answer);
    return Array.from({ length: rows }, (_, row) => values.subarray(row * length, (row + 1) * length));
}

/** Numbers written in base64. */
export function floatsOfBase64(text: string): Float32Array {
    return floatsOf(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer);
}

function floatsOf(bytes: ArrayBuffer): Float32Array {
    if (IS_LITTLE_ENDIAN)
        return new Float32Array(bytes);
    const view = new DataView(bytes);
    return Float32Array.from({ length: bytes.byteLength / BYTES_EACH }, (_, index) => view.getFloat32(index * BYTES_EACH, true));
}
