// A request of the API and how its answer is read; who sends it is another matter.

import { errorOf, unreadable } from "./errors.js";

export type Value = string | number | boolean | readonly string[] | undefined;

/** A request that may be sent again, and what makes a result of its answer. */
export interface Call<T> {
    readonly method: string;
    readonly path: string;
    readonly query?: Readonly<Record<string, Value>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly read: (answer: Response) => Promise<T>;
}

export type Query = Readonly<Record<string, Value>>;

export const BYTES = { Accept: "application/octet-stream" };
const NO_ROUTE = "not_found"; // the code of a wrong address
const JSON_BODY = { "Content-Type": "application/json" };

/** Reads what must be there. */
export const get = <T>(path: string, query: Query = {}): Call<T> => ({ method: "GET", path, query, read: bodyOf<T> });

/** Reads what may be unknown, which is null. */
export const find = <T>(path: string, query: Query = {}): Call<T | null> => ({ method: "GET", path, query, read: orNull(bodyOf<T>) });

/** Sends a value as JSON. */
export const send = <T>(method: string, path: string, value: unknown): Call<T> =>
    ({ method, path, headers: JSON_BODY, body: jsonOf(value), read: bodyOf<T> });

/** The value as JSON. JSON.stringify would make null of numbers that JSON does not have. */
export function jsonOf(value: unknown): string {
    return JSON.stringify(value, (name, one: unknown) => {
        if (typeof one === "number" && !Number.isFinite(one))
            throw new RangeError(`${name} is ${one}; JSON has no such number`);
        return one;
    });
}

/** The JSON of an answer of success. */
export async function bodyOf<T>(answer: Response): Promise<T> {
    await throwRefusal(answer);
    const text = await answer.text();
    try {
        return JSON.parse(text) as T;
    } catch {
        throw unreadable(answer);
    }
}

/** null where the service says that it knows nothing of a user or an item. */
export function orNull<T>(read: (answer: Response) => Promise<T>): (answer: Response) => Promise<T | null> {
    return async answer => {
        if (answer.status !== 404)
            return read(answer);
        const error = await errorOf(answer);
        if (error.code === undefined || error.code === NO_ROUTE)
            throw error;
        return null;
    };
}

/** Throws the error that an answer is, unless it is one of success. */
export async function throwRefusal(answer: Response): Promise<void> {
    if (!answer.ok)
        throw await errorOf(answer);
}

/** The path of a user, or of what belongs to it. */
export const ofUser = (userId: string, resource = ""): string => `v1/users/${part(userId, "userId")}${resource && `/${resource}`}`;

/** The path of an item, or of what belongs to it. */
export const ofItem = (itemId: string, resource = ""): string => `v1/items/${part(itemId, "itemId")}${resource && `/${resource}`}`;

/** The path of what belongs to a category. */
export const ofCategory = (category: string, resource: string): string => `v1/categories/${part(category, "category")}/${resource}`;

/** The path of the receipt of an erasure. */
export const ofErasure = (receipt: string): string => `v1/erasures/${part(receipt, "receipt")}`;

function part(value: string, name: string): string {
    if (value === "" || value === "." || value === "..")
        throw new RangeError(`${name} is "${value}"; an address cannot name that`);
    return encodeURIComponent(value);
}
