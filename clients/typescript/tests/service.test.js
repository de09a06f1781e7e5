// Every call against a service that runs: its address is in PROFILE_SERVICE. Users and items have names of their own for each run.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { beforeEach, test } from "node:test";
import { ProfileService, ProfileServiceError } from "profileservice";

const ITEMS = ["yoga-011", "yoga-012", "makeup-030"];

const profiles = new ProfileService(process.env.PROFILE_SERVICE ?? "");

let [ada, ben, nobody] = ["", "", ""];

/** @returns {import("profileservice").UserEvent} */
const event = (/** @type {string} */ userId, itemId = "yoga-011") =>
    ({ userId, kind: "view", itemId, categories: ["yoga"], timestamp: new Date().toISOString() });

/** @template T @param {AsyncIterable<T>} source */
async function all(source) {
    const found = [];
    for await (const one of source)
        found.push(one);
    return found;
}

/** @template T @param {T | null} value */
function some(value) {
    assert.notEqual(value, null);
    return /** @type {T} */ (value);
}

beforeEach(async () => {
    const run = randomUUID();
    [ada, ben, nobody] = [`ada/ü-${run}`, `ben-${run}`, `nobody-${run}`];
    const bad = /** @type {import("profileservice").UserEvent} */ ({ userId: "bad" });
    const sent = await profiles.sendEvents([...ITEMS.map(item => event(ada, item)), event(ben), bad]);
    assert.deepEqual([sent.accepted, sent.rejected, sent.problems.map(p => p.index)], [4, 1, [4]]);
    for (const user of [ada, ben])
        await profiles.getProfile(user, { fresh: true });
});

test("profile", async () => {
    const profile = some(await profiles.getProfile(ada, { fresh: true }));
    assert.deepEqual([profile.userId, profile.eventCount], [ada, 3]);
    assert.equal(some(await profiles.getProfile(ada, { include: ["vector"] })).dimensions, undefined);
    assert.ok(some(await profiles.getProfile(ada, { include: ["vector", "explanation"] })).explanation);
    assert.equal(await profiles.getProfile(nobody), null);
    const first = await profiles.getProfileIfChanged(ada, null);
    const again = await profiles.getProfileIfChanged(ada, first.etag);
    assert.deepEqual([first.notModified, first.profile?.eventCount, again.notModified, again.profile], [false, 3, true, null]);
    assert.equal((await profiles.getProfileIfChanged(nobody, null)).profile, null);
});

test("vectors", async () => {
    const profile = some(await profiles.getProfile(ada));
    const vector = some(await profiles.getVector(ada));
    assert.ok(vector instanceof Float32Array);
    profile.vector?.forEach((value, i) => assert.ok(Math.abs(value - /** @type {number} */ (vector[i])) < 1e-6));
    assert.equal(await profiles.getVector(nobody), null);
    const matrix = await profiles.lookupVectors([ada, nobody, ben]);
    assert.deepEqual([matrix.values.length, matrix.missing, matrix.model], [3 * vector.length, [nobody], profile.model]);
    assert.deepEqual(matrix.row(0), vector);
    assert.deepEqual([matrix.isMissing(0), matrix.isMissing(1)], [false, true]);
    const found = await profiles.lookupProfiles([ada, nobody]);
    assert.deepEqual([found.profiles.map(p => p.userId), found.missing], [[ada], [nobody]]);
});

test("session", async () => {
    const session = await profiles.computeProfile({ events: [event(ada)], attributes: { age: 34 }, recommend: { count: 3 } });
    assert.deepEqual([session.eventCount, session.items?.length], [1, 3]);
});

test("insights", async () => {
    assert.equal(some(await profiles.getWindow(ada)).events.length, 3);
    assert.equal(some(await profiles.getExplanation(ada)).events.length, 3);
    assert.ok(some(await profiles.getPredictions(ada)).kinds?.length);
    assert.ok(some(await profiles.getSimilarUsers(ada, { count: 5 })).users.length);
    assert.ok((await profiles.findUsers({ prefix: ben })).users.includes(ben));
    for (const call of /** @type {const} */ (["getWindow", "getExplanation", "getPredictions", "getSimilarUsers", "recommend"]))
        assert.equal(await profiles[call](nobody), null, call);
});

test("recommendations", async () => {
    const found = some(await profiles.recommend(ada, { count: 3, filter: { excludeItems: ITEMS }, maxPerCategory: 2 }));
    assert.equal(found.items.length, 3);
    assert.ok(!found.items.some(item => ITEMS.includes(item.itemId)));
    const reasons = some(await profiles.recommend(ada, { include: "reason", count: 3 }));
    assert.ok(reasons.items.every(item => ITEMS.includes(item.reason?.itemId ?? "")));
    const ranked = some(await profiles.rankItems(ada, ["yoga-011", "no-such-item"]));
    assert.deepEqual([ranked.items.map(i => i.itemId), ranked.unknown], [["yoga-011"], ["no-such-item"]]);
    const ofMany = await profiles.rankItemsOfUsers([ada, nobody], ["yoga-011", "no-such-item"]);
    assert.deepEqual([ofMany.unknownItems, ofMany.missing], [["no-such-item"], [nobody]]);
    const scores = await profiles.scoreItemsOfUsers([ada, nobody], ["yoga-011", "no-such-item"]);
    assert.deepEqual([0, 1].map(user => Array.from(scores.row(user), Number.isNaN)), [[false, true], [true, true]]);
    assert.equal(scores.unavailable, 0);
    const listed = [];
    for await (const page of profiles.recommendPages(ada, { count: 100 }))
        listed.push(...page.items.map(item => item.itemId));
    assert.ok(listed.length > 100);
    assert.equal(new Set(listed).size, listed.length);
    assert.equal(some(await profiles.getSimilarItems("yoga-011", { count: 4 })).items.length, 4);
    assert.equal(await profiles.getSimilarItems("no-such-item"), null);
    assert.equal(some(await profiles.getItemUsers("yoga-011", { count: 1 })).users.length, 1);
    assert.equal(await profiles.getItemUsers("no-such-item"), null);
    assert.equal(await profiles.getCategoryUsers("no such/category"), null);
    const misspelt = /** @type {object} */ ({ cuont: 3 });
    await assert.rejects(profiles.recommend(ada, misspelt), { name: "ProfileServiceError", status: 400, code: "unknown_parameter" });
});

test("items", async () => {
    const item = `item-${randomUUID()}`;
    assert.equal((await profiles.putItem(item, { categories: ["books"], price: 9.5 })).price, 9.5);
    assert.deepEqual(some(await profiles.getItem(item)).categories, ["books"]);
    const many = Array.from({ length: 1_500 }, (_, i) => ({ itemId: `${item}-${i}`, price: /** @type {number} */ (i || "none") }));
    const stored = await profiles.putItems(many);
    assert.deepEqual([stored.accepted, stored.rejected, stored.problems.map(p => p.index)], [1_499, 1, [0]]);
    const changed = some(await profiles.patchItem(item, { title: "Atlas", price: null }));
    assert.deepEqual([changed.title, changed.categories, changed.price], ["Atlas", ["books"], undefined]);
    assert.equal(await profiles.patchItem(`${item}-unknown`, {}), null);
    const page = await profiles.findItems({ query: item.toUpperCase(), count: 2 });
    assert.deepEqual(page.items.map(one => one.itemId), [item, `${item}-1`]);
    const next = await profiles.findItems({ query: item, after: page.next, count: 1 });
    assert.deepEqual(next.items.map(one => one.itemId), [`${item}-10`]);
    await profiles.deleteItem(item);
    assert.equal(await profiles.getItem(item), null);
    for (const call of /** @type {const} */ (["getPopularItems", "getTrendingItems", "getCategoryCounts"]))
        await profiles[call](); // null or counts, by whether a release was made
});

test("attributes and purposes", async () => {
    assert.equal((await profiles.putAttributes(ada, { age: 34 })).attributes.age, 34);
    assert.equal(some(await profiles.getAttributes(ada)).attributes.age, 34);
    assert.equal(await profiles.getAttributes(nobody), null);
    assert.equal((await profiles.putAttributesBatch([{ userId: ben, attributes: { age: 51 } }])).accepted, 1);
    const purposes = { profile: true, explain: false, similar: true, train: false };
    assert.equal((await profiles.putPurposes(ada, purposes)).explain, false);
    assert.equal((await profiles.getPurposes(ada)).train, false);
    assert.equal((await profiles.putPurposesBatch([{ userId: ben, ...purposes }])).accepted, 1);
});

test("export and erasure", async () => {
    assert.equal((await all(profiles.exportUser(ada))).at(-1)?.section, "end");
    assert.equal((await all(profiles.exportTraining({ ids: true }))).at(-1)?.section, "end");
    const receipt = await profiles.eraseUser(ada);
    assert.equal(some(await profiles.getErasure(receipt.receipt)).receipt, receipt.receipt);
    assert.equal(await profiles.getErasure(randomUUID()), null);
    assert.equal((await profiles.eraseUsers([ben])).users, 1);
    await assert.rejects(all(profiles.exportTraining({ erasedAfter: -1 })), ProfileServiceError);
});

test("token", async () => {
    const token = await profiles.createToken(ada, { expiresInSeconds: 60 });
    assert.ok(token.expiresAt < (await profiles.createToken(ada)).expiresAt);
    assert.match(token.token, /^[A-Za-z0-9_-]+$/);
    await assert.rejects(profiles.createToken(ada, { expiresInSeconds: 1 }), { status: 400 });
});

test("merge", async () => {
    const merged = await profiles.mergeUser(ada, ben);
    assert.deepEqual([merged.userId, merged.from], [ada, ben]);
    assert.equal(some(await profiles.getProfile(ben, { fresh: true })).userId, ada);
    await assert.rejects(profiles.mergeUser(ada, ada), { status: 400 });
});

test("flows", async () => {
    const pages = await all(profiles.exportProfiles({ pageSize: 1 }));
    const exported = new Map(pages.flatMap(page => page.profiles).map(profile => [profile.userId, profile]));
    assert.deepEqual(exported.get(ada)?.vector, await profiles.getVector(ada));
    await profiles.sendEvents([event(ada, "makeup-031")]);
    let after = pages[0]?.cursor ?? "";
    /** @type {import("profileservice").ProfileChange[]} */
    const seen = [];
    while (!seen.some(change => change.userId === ada && (change.revision ?? 0) > (exported.get(ada)?.revision ?? 0))) {
        const page = await profiles.followProfiles({ after, wait: 30 });
        after = page.cursor;
        seen.push(...page.changes);
    }

    assert.ok(seen.every(change => change.deleted || change.vector instanceof Float32Array));
    assert.ok((await profiles.followProfiles({ vectors: false })).changes.every(change => change.vector === undefined));
    const { users } = await profiles.findUsers({ count: 1 });
    assert.notDeepEqual((await profiles.findUsers({ count: 1, after: some(users[0] ?? null) })).users, users);
    await assert.rejects(profiles.followProfiles({ after: "nonsense" }), ProfileServiceError);
});

test("service", async () => {
    assert.equal((await profiles.getStatus()).empty, false);
    assert.equal((await profiles.getStatus()).model, (await profiles.getModels()).active.model);
    assert.ok((await profiles.getAccess()).scopes.length);
});
