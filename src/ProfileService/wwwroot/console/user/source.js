// One user's profile as last read, and what is asked of the service to keep it so.

import { call, userPath } from '../api.js';

const wholeEach = 5; // a reply of "not changed" does not tell how many events wait; every so many reads ask for the whole

export class ProfileSource {
    profile = null;
    #etag = null;
    #readAt = 0;
    #reads = 0;
    #taken = 0; // how many answers became the profile

    constructor(userId, signal) {
        this.userId = userId;
        this.signal = signal;
    }

    /** Seconds since the vector was computed, as the service counts them, going on since the last reply. */
    get ageSeconds() {
        return this.profile.freshness.ageSeconds + (performance.now() - this.#readAt) / 1000;
    }

    /** Of a user of whom the model knows nothing the vector is all zeros. */
    get isUnknownToModel() {
        return this.profile.vector.every(number => number === 0);
    }

    /**
     * Reads the profile; true where there is another one than before. `fresh` has a user that is due refreshed first. Reads may
     * overlap: if the answer to another one was taken meanwhile, only a higher revision is.
     */
    async read({ fresh = false } = {}) {
        const taken = this.#taken;
        const askWhole = fresh || !this.#etag || this.profile.freshness.stale || ++this.#reads % wholeEach === 0;
        const reply = await call(userPath(this.userId, `profile?include=vector,dimensions${fresh ? '&fresh=true' : ''}`), {
            headers: askWhole ? {} : { 'If-None-Match': this.#etag },
            signal: this.signal,
        });
        if (reply.status === 304)
            return false;
        const profile = await reply.json();
        if (taken !== this.#taken && profile.revision <= this.profile.revision)
            return false;
        const etag = reply.headers.get('ETag');
        const isOther = etag !== this.#etag;
        this.profile = profile;
        this.#etag = etag;
        this.#taken++;
        this.#readAt = performance.now();
        return isOther;
    }
}
