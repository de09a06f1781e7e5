// Who uses this tab, and what they may do. A key or token is kept in memory alone: to reload or close the tab is to sign out.

import { comeBack } from './oidc.js';

const everything = { mode: 'None', caller: null, scopes: null };

class Session extends EventTarget {
    #key = null;
    #access = everything;

    /** Whether the service asks for a key that this tab does not have. */
    needsKey = false;

    /** Why a sign-in by the provider failed; null if none did. */
    failure = null;

    /** Name of the key in use; null where the service asks nobody. */
    get caller() {
        return this.#access.caller ?? null;
    }

    /** Headers that say who calls. */
    get headers() {
        return this.#key ? { Authorization: `Bearer ${this.#key}` } : {};
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
        this.#key = null;
        this.#access = everything;
        this.needsKey = true;
        this.dispatchEvent(new Event('change'));
    }

    async #enter(key) {
        const reply = await fetch('v1/access', { headers: key ? { Authorization: `Bearer ${key}` } : {}, cache: 'no-store' });
        this.needsKey = reply.status === 401;
        if (!reply.ok)
            throw new Error((await reply.json().catch(() => null))?.detail ?? `The service answered ${reply.status}.`);
        this.#access = await reply.json();
        this.#key = key;
    }
}

export const session = new Session();
