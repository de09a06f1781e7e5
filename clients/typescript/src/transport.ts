import type { Call, Value } from "./call.js";
import { DEFAULT_RETRY, waitAfter, type Retry } from "./retry.js";

/** An API key, or what returns an access token that is still valid; it is asked before each attempt. */
export type Key = string | (() => string | Promise<string>);

export interface ProfileServiceOptions {
    key?: Key;
    retry?: Partial<Retry>;
    /** Milliseconds that an attempt may take, from connecting to the end of the answer, or to the beginning of a stream. Default 40,000. */
    timeout?: number;
    /** Sends requests instead of the global fetch. */
    fetch?: typeof fetch;
}

const TIMEOUT = 40_000;

/** Sends calls, again where the reason passes. */
export class Transport {
    readonly #base: URL;
    readonly #retry: Retry;
    readonly #timeout: number;
    readonly #key: Key | undefined;
    readonly #fetch: typeof fetch;

    constructor(url: string, options: ProfileServiceOptions) {
        if (!/^https?:\/\//.test(url))
            throw new TypeError(`url is "${url}"; write the address of the service, such as "http://localhost:8080"`);
        this.#base = new URL(url.endsWith("/") ? url : `${url}/`);
        this.#retry = { ...DEFAULT_RETRY, ...options.retry };
        if (this.#retry.attempts < 1)
            throw new RangeError(`attempts is ${this.#retry.attempts}; it must be at least 1`);
        this.#timeout = options.timeout ?? TIMEOUT;
        this.#key = options.key;
        this.#fetch = options.fetch ?? ((address, request) => fetch(address, request));
    }

    /** The result of a call. An answer that breaks off is sent for again, as if it had not come. */
    async send<T>(call: Call<T>): Promise<T> {
        for (let attempt = 1; ; attempt++) {
            const outcome = await this.#try(call, attempt);
            if ("value" in outcome)
                return outcome.value;
            await new Promise(resume => setTimeout(resume, outcome.wait));
        }
    }

    /** The result, or how many milliseconds to wait before the next attempt. */
    async #try<T>(call: Call<T>, attempt: number): Promise<{ value: T } | { wait: number }> {
        const request = await this.#request(call);
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(new DOMException(`No answer in ${this.#timeout} ms.`, "TimeoutError")), this.#timeout);
        try {
            const answer = await this.#fetch(this.#address(call), { ...request, signal: abort.signal });
            const wait = waitAfter(this.#retry, attempt, answer);
            if (wait === undefined)
                return { value: await call.read(answer) };
            await answer.body?.cancel();
            return { wait };
        } catch (error) {
            const wait = isOfTheConnection(error) ? waitAfter(this.#retry, attempt, undefined) : undefined;
            if (wait === undefined)
                throw error;
            return { wait };
        } finally {
            clearTimeout(timer);
        }
    }

    #address(call: Call<unknown>): URL {
        const address = new URL(call.path, this.#base);
        for (const [name, value] of Object.entries(call.query ?? {}))
            textsOf(value).forEach(text => address.searchParams.append(name, text));
        return address;
    }

    async #request(call: Call<unknown>): Promise<RequestInit> {
        const key = typeof this.#key === "function" ? await this.#key() : this.#key;
        const headers = { ...call.headers, ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }) };
        return { method: call.method, headers, body: call.body ?? null, redirect: "manual" }; // a redirect makes a GET of a POST
    }
}

/** The values of a parameter, which is repeated where there are many; a value may hold a comma. */
function textsOf(value: Value): string[] {
    return value === undefined ? [] : typeof value === "object" ? [...value] : [String(value)];
}

/** fetch throws a TypeError where there is no connection, or where one breaks off. */
function isOfTheConnection(error: unknown): boolean {
    return error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError");
}
