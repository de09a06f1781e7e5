// Who uses this tab, and what they may do. A key or token is kept in memory alone: to reload or close the tab is to sign out.

import { comeBack } from './oidc.js';
import { within } from './patience.js';

const everything = { mode: 'None', caller: null, scopes: null };

class Session extends EventTarget {
    #headers = {};
    #access = everything;

    /** Whether the service asks for a key that this tab does not have. */
    needsKey = false;

    /** Why a sign-in by the provider failed; null if none did. */
    failure = null;

    /** Name of the key in use; null where the service asks nobody. */
    get caller() {
        return this.#access.caller ?? null;
    }

    /** Headers that say who calls; the same object until somebody signs in or out. */
    get headers() {
        return this.#headers;
    }

    /** Whether calls that need this scope would be answered. */
    may(scope) {
        return this.#access.scopes === null || this.#access.scopes.includes(scope);
    }

    /** Asks the service whether it lets this tab in. While it does not answer, the page finds out by its own calls. */
    async start() {
        const token = await comeBack().catch(error => {
            this.failure = error.message;
            return null;
        });
        await this.#enter(token).catch(error => {
            if (token)
                this.failure = error.message;
        });
    }

    /** Uses a key from now on; throws an Error that says why it is not taken. */
    async signIn(key) {
        await this.#enter(key);
        this.failure = null;
        this.dispatchEvent(new Event('change'));
    }

    /** Forgets the key, because the user wishes it or because the service does not take it any more. */
    signOut() {
        if (this.needsKey)
            return;
        this.#headers = {};
        this.#access = everything;
        this.needsKey = true;
        this.dispatchEvent(new Event('change'));
    }

    async #enter(key) {
        const headers = key ? { Authorization: `Bearer ${key}` } : {};
        const reply = await fetch('v1/access', { headers, cache: 'no-store', signal: within() }).catch(() => {
            throw new Error('The service does not answer.');
        });
        this.needsKey = reply.status === 401;
        if (!reply.ok)
            throw new Error((await reply.json().catch(() => null))?.detail ?? `The service answered ${reply.status}.`);
        this.#access = await reply.json();
        this.#headers = headers;
    }
}

export const session = new Session();
