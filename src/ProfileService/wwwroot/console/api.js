// Calls to the service. What it refuses is a Problem, which says why and which fields it is about.

import { within } from './patience.js';
import { session } from './session.js';

/** Tells `trouble` where the service did not answer, or failed. */
export const calls = new EventTarget();

export class Problem extends Error {
    /**
     * @param {number} status HTTP status; 0 if nothing came back.
     * @param {{ title?: string, detail?: string, problems?: object[] }} [body]
     */
    constructor(status, body) {
        super(body?.detail ?? body?.title ?? (status === 0 ? 'The service does not answer.' : `The service answered ${status}.`));
        this.status = status;
        this.fields = body?.problems ?? [];
    }

    /** Whether this service does not have what was asked for, however often it is asked. */
    get isLacking() {
        return [403, 404, 405, 409, 501].includes(this.status);
    }
}

export const userPath = (userId, rest) => `v1/users/${encodeURIComponent(userId)}/${rest}`;

/**
 * A reply with a status of 2xx or 304; throws a Problem for any other.
 * @param {string} path
 * @param {{ method?: string, headers?: Record<string, string>, body?: string, signal?: AbortSignal }} [options]
 */
export async function call(path, { method = 'GET', headers = {}, body, signal } = {}) {
    const caller = session.headers;
    let reply;
    try {
        reply = await fetch(path, { method, headers: { ...caller, ...headers }, body, cache: 'no-store', signal: within(signal) });
    } catch (error) {
        if (signal?.aborted)
            throw error;
        calls.dispatchEvent(new Event('trouble'));
        throw new Problem(0);
    }
    if (reply.ok || reply.status === 304)
        return reply;
    if (reply.status === 401 && caller === session.headers)
        session.signOut(); // the key has ended
    if (reply.status >= 500)
        calls.dispatchEvent(new Event('trouble'));
    throw new Problem(reply.status, await bodyOf(reply));
}

/** What to throw in place of a call that the service would refuse. */
export const lacking = scope => new Problem(403, { detail: `The key in use does not allow this: it lacks ${scope}.` });

/** Does the work if the key in use has the scope. */
export const ifAllowed = async (scope, work) => session.may(scope) ? work() : Promise.reject(lacking(scope));

export const getJson = async (path, options) => (await call(path, options)).json();

const sendJson = async (method, path, value, options) =>
    (await call(path, { ...options, method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) })).json();

export const postJson = (path, value, options) => sendJson('POST', path, value, options);
export const putJson = (path, value, options) => sendJson('PUT', path, value, options);
export const patchJson = (path, value, options) => sendJson('PATCH', path, value, options);

async function bodyOf(reply) {
    try {
        return await reply.json();
    } catch {
        return null; // not from the service itself, but from what stands before it
    }
}
