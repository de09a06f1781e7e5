// What is sent and how often, with the answers of a service that is not there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ProfileService } from "profileservice";

const SUMMARY = { accepted: 0, duplicates: 0, late: 0, erased: 0, rejected: 0, problems: [] };
const SOON = { firstDelay: 1, longestDelay: 5 };

/** @typedef {import("profileservice").ProfileServiceOptions} Options */

/**
 * A client whose requests are answered by a function, and the requests.
 * @param {(request: Request, index: number) => unknown} answer a Response, a value to answer as JSON, or an error to throw
 * @param {Options} [options]
 */
function service(answer, options) {
    /** @type {Request[]} */
    const sent = [];
    /** @type {typeof fetch} */
    const take = async (address, request) => {
        sent.push(new Request(address, request));
        const one = answer(/** @type {Request} */ (sent.at(-1)), sent.length - 1);
        if (one instanceof Error)
            throw one;
        return one instanceof Response ? one : Response.json(one);
    };
    return { profiles: new ProfileService("http://service", { retry: SOON, ...options, fetch: take }), sent };
}

const problem = (/** @type {number} */ status, /** @type {object} */ members) => Response.json({ title: "t", ...members }, { status });

/** @param {object} entries */
const any = entries => /** @type {any} */ (entries);

test("a temporary failure is retried until the service answers", async () => {
    const answers = [new TypeError("fetch failed"), new Response(null, { status: 503, headers: { "Retry-After": "0" } }),
        new Response(null, { status: 429 }), { model: "m" }];
    const { profiles, sent } = service((_, index) => answers[index]);
    assert.deepEqual(await profiles.getStatus(), { model: "m" });
    assert.equal(sent.length, 4);
});

test("the last answer is the result", async () => {
    const busy = () => problem(503, { detail: "Send it again in 1 s.", code: "busy" });
    const { profiles, sent } = service(busy, { retry: { ...SOON, attempts: 2 } });
    await assert.rejects(profiles.getStatus(), { status: 503, code: "busy", message: "503: Send it again in 1 s." });
    assert.equal(sent.length, 2);
});

test("a bad request is sent once", async () => {
    const { profiles, sent } = service(() => problem(400, { detail: "count is 0.", code: "out_of_range", field: "count" }));
    await assert.rejects(profiles.findUsers({ count: 0 }), { field: "count", detail: "count is 0." });
    assert.equal(sent.length, 1);
});

test("too long a wait is not taken", async () => {
    const { profiles, sent } = service(() => new Response('{"detail":"d"}', { status: 503, headers: { "Retry-After": "3600" } }));
    await assert.rejects(profiles.getStatus(), { status: 503 });
    assert.equal(sent.length, 1);
});

test("no attempts are refused", () => {
    assert.throws(() => new ProfileService("http://service", { retry: { attempts: 0 } }), RangeError);
});

test("a date of Retry-After is understood", async () => {
    const { profiles, sent } = service((_, index) =>
        index > 0 ? {} : new Response(null, { status: 503, headers: { "Retry-After": "Sat, 28 Nov 2020 00:00:00 GMT" } }));
    await profiles.getStatus();
    assert.equal(sent.length, 2);
});

test("an unreachable service is an error", async () => {
    await assert.rejects(new ProfileService("http://127.0.0.1:9", { retry: { attempts: 1 } }).getStatus(), TypeError);
});

test("an answer that does not come is given up", async () => {
    /** @type {typeof fetch} */
    const silent = (_, request) => new Promise((_, refuse) => {
        request?.signal?.addEventListener("abort", () => refuse(request.signal?.reason));
    });
    const profiles = new ProfileService("http://service", { fetch: silent, timeout: 10, retry: { attempts: 2, firstDelay: 1 } });
    await assert.rejects(profiles.getStatus(), { name: "TimeoutError" });
});

test("an answer of another program is an error", async () => {
    for (const status of [200, 404, 500])
        await assert.rejects(service(() => new Response("<html>", { status })).profiles.getProfile("ada"), /is the address/);
    await assert.rejects(service(() => new Response("abc")).profiles.getVector("ada"), /is the address/);
});

test("a redirect is not followed and named", async () => {
    const { profiles, sent } = service(() => new Response(null, { status: 301, headers: { Location: "https://service/v1/events" } }));
    await assert.rejects(profiles.sendEvents(any([{ userId: "u" }])), /refers to https:\/\/service\/v1\/events/);
    assert.deepEqual(sent.map(request => request.redirect), ["manual"]);
});

test("a wrong address is an error, not an unknown user", async () => {
    const answer = (/** @type {string} */ code) => service(() => problem(404, { detail: "Nothing is served here.", code })).profiles;
    await assert.rejects(answer("not_found").getProfile("ada"), { code: "not_found" });
    assert.equal(await answer("unknown_user").getProfile("ada"), null);
});

test("events go in requests that the service takes", async () => {
    const few = service(() => SUMMARY);
    await few.profiles.sendEvents(any(Array.from({ length: 2_500 }, (_, i) => ({ userId: `${i}` }))));
    assert.deepEqual(await Promise.all(few.sent.map(async r => (await r.json()).length)), [1_000, 1_000, 500]);
    const large = service(() => SUMMARY);
    await large.profiles.sendEvents(any(Array.from({ length: 10 }, () => ({ text: "x".repeat(100_000) }))));
    assert.deepEqual(await Promise.all(large.sent.map(async r => (await r.json()).length)), [6, 4]);
});

test("events may come one by one", async () => {
    const { profiles, sent } = service(() => SUMMARY);
    await profiles.sendEvents(any((async function* () {
        yield { userId: "a" };
        yield { userId: "b" };
    })()));
    assert.equal(await sent[0]?.text(), '[{"userId":"a"},{"userId":"b"}]');
});

test("problems keep their position among all", async () => {
    const one = { ...SUMMARY, accepted: 999, rejected: 1, problems: [{ index: 3, code: "c", detail: "d" }], unknownFields: ["b"] };
    const total = await service(() => one).profiles.sendEvents(any(Array.from({ length: 2_000 }, () => ({ userId: "u" }))));
    assert.deepEqual([total.problems.map(p => p.index), total.accepted, total.unknownFields], [[3, 1_003], 1_998, ["b"]]);
});

test("a request whose entries are all rejected costs the others nothing", async () => {
    const { profiles } = service((_, index) => index !== 1
        ? { ...SUMMARY, accepted: 1_000 }
        : problem(400, { detail: "d", code: "c", rejected: 1_000, problems: [{ index: 0, code: "c", detail: "d" }] }));
    const total = await profiles.sendEvents(any(Array.from({ length: 3_000 }, () => ({ userId: "u" }))));
    assert.deepEqual([total.accepted, total.rejected, total.problems.map(p => p.index)], [2_000, 1_000, [1_000]]);
});

test("ids are written as an address holds them", async () => {
    const { profiles, sent } = service(() => ({}));
    await profiles.getProfile("a/b ?ü%");
    assert.equal(sent[0]?.url, "http://service/v1/users/a%2Fb%20%3F%C3%BC%25/profile");
    for (const user of ["", ".", ".."])
        await assert.rejects(profiles.getProfile(user), /userId/);
});

test("values of a parameter may hold commas, and parts are separated by them", async () => {
    const { profiles, sent } = service(() => ({}));
    await profiles.getSimilarItems("i", { categories: ["a,b", "c"] });
    await profiles.getProfile("ada", { fresh: true, include: ["vector", "dimensions"] });
    assert.equal(sent[0]?.url, "http://service/v1/items/i/similar?categories=a%2Cb&categories=c");
    assert.equal(sent[1]?.url, "http://service/v1/users/ada/profile?fresh=true&include=vector%2Cdimensions");
});

test("an address may have a path", async () => {
    /** @type {string[]} */
    const seen = [];
    /** @type {typeof fetch} */
    const take = async address => (seen.push(String(address)), Response.json({}));
    await new ProfileService("https://host/behind/a/proxy", { fetch: take }).getStatus();
    assert.deepEqual(seen, ["https://host/behind/a/proxy/v1/status"]);
    assert.throws(() => new ProfileService("localhost:8080"), /http:\/\/localhost:8080/);
});

test("the key is asked for at each attempt", async () => {
    const keys = ["one", "two"];
    const answers = [new Response(null, { status: 503 }), {}];
    const { profiles, sent } = service((_, index) => answers[index], { key: async () => keys.shift() ?? "" });
    await profiles.getStatus();
    assert.deepEqual(sent.map(r => r.headers.get("Authorization")), ["Bearer one", "Bearer two"]);
});

test("numbers that JSON does not have are refused", async () => {
    await assert.rejects(service(() => ({})).profiles.putAttributes("ada", { age: NaN }), RangeError);
});

test("users who cannot be read are not missing", async () => {
    const matrix = (/** @type {Record<string, string>} */ headers) => service(() => new Response(new Float32Array([NaN, NaN, 0.6, 0.8]), {
        headers: { "Content-Type": "application/octet-stream", "X-Profile-Model": "m/1", "X-Profile-Dimension": "2", ...headers },
    })).profiles;
    assert.deepEqual((await matrix({}).lookupVectors(["a", "b"])).missing, ["a"]);
    const unsure = matrix({ "X-Profile-Unavailable": "1" });
    const vectors = await unsure.lookupVectors(["a", "b"]);
    assert.deepEqual([vectors.unavailable, vectors.hasVector(0), vectors.isMissing(1)], [1, false, false]);
    assert.throws(() => vectors.isMissing(0), /1 profiles cannot be read or computed now/);
    assert.throws(() => vectors.missing, /1 profiles cannot be read or computed now/);
    assert.equal((await unsure.scoreItemsOfUsers(["a", "b"], ["i", "j"])).unavailable, 1);
});

test("a flow or an export without its end is no answer", async () => {
    const broken = () => new Response('{"cursor":"c","model":"m"}\n{"userId":"a","pseudonym":"p"}\n');
    await assert.rejects(service(broken).profiles.followProfiles(), /broke off/);
    await assert.rejects(service(broken).profiles.exportProfiles().next(), /broke off/);
    const lines = [];
    await assert.rejects(async () => {
        for await (const line of service(broken).profiles.exportUser("ada"))
            lines.push(line);
    }, /broke off/);
    assert.equal(lines.length, 2);
});
