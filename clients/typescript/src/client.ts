import { BYTES, bodyOf, find, get, jsonOf, ofCategory, ofErasure, ofItem, ofUser, orNull, send, throwRefusal, type Call } from "./call.js";
import { addEntries, addEvents, requestsOf, type Entries } from "./entries.js";
import { changesIn, exportedIn, type ExportedProfiles, type ProfileChanges } from "./flows.js";
import { linesIn, type ExportLine } from "./lines.js";
import { Transport, type ProfileServiceOptions } from "./transport.js";
import type * as a from "./types.js";
import { updateIn, type ProfileUpdate } from "./updates.js";
import { floatsIn, matrixIn, scoresIn, type ScoreMatrix, type VectorMatrix } from "./vectors.js";

/** How to read a profile. fresh: wait until the newest events are in it. include: the parts; vector and dimensions if left out. */
export interface ProfileOptions {
    fresh?: boolean;
    include?: readonly a.ProfilePart[];
}

/**
 * A ProfileService; one object for the life of the program is enough. docs/clients.md lists which call is which operation. An unknown
 * user or item is null; a refused request throws a ProfileServiceError, a service that cannot be reached what fetch throws.
 */
export class ProfileService {
    readonly #transport: Transport;

    /** url: such as "http://localhost:8080". */
    constructor(url: string, options: ProfileServiceOptions = {}) {
        this.#transport = new Transport(url, options);
    }

    /**
     * Sends any number of events, in requests of up to 1,000; they are stored when this returns. A rejected event does not affect the
     * others.
     */
    async sendEvents(events: Entries<a.UserEvent>): Promise<a.IngestSummary> {
        const total: a.IngestSummary = { accepted: 0, duplicates: 0, late: 0, erased: 0, rejected: 0, problems: [] };
        let sent = 0;
        for await (const { call, count } of requestsOf<a.IngestSummary>("v1/events", events)) {
            addEvents(total, await this.#send(call), sent);
            sent += count;
        }

        return total;
    }

    async getProfile(userId: string, options: ProfileOptions = {}): Promise<a.UserProfile | null> {
        return this.#send(find(ofUser(userId, "profile"), queryOf(options)));
    }

    /** A user's profile, unless the caller's copy with this etag still holds. etag: of the last update; null at first. */
    async getProfileIfChanged(userId: string, etag: string | null, options: ProfileOptions = {}): Promise<ProfileUpdate> {
        const headers: Record<string, string> = etag === null ? {} : { "If-None-Match": etag };
        return this.#send({ method: "GET", path: ofUser(userId, "profile"), query: queryOf(options), headers, read: updateIn });
    }

    /** A user's vector, sent as bytes. */
    async getVector(userId: string, options: { fresh?: boolean } = {}): Promise<Float32Array | null> {
        return this.#send({ ...find(ofUser(userId, "profile"), queryOf(options)), headers: BYTES, read: orNull(floatsIn) });
    }

    /** The profiles of up to 1,000 users. */
    async lookupProfiles(userIds: readonly string[]): Promise<a.ProfileLookup> {
        return this.#send(send("POST", "v1/profiles/lookup", { userIds }));
    }

    /** The vectors of up to 1,000 users, sent as bytes: the fast way to many. */
    async lookupVectors(userIds: readonly string[]): Promise<VectorMatrix> {
        const asked = send<VectorMatrix>("POST", "v1/profiles/lookup", { userIds });
        return this.#send({ ...asked, headers: { ...asked.headers, ...BYTES }, read: answer => matrixIn(answer, userIds) });
    }

    /**
     * The profile that a user with these events and attributes would have. Nothing is stored. recommend: what recommend() takes; left out
     * for no items.
     */
    async computeProfile(
        session: { events: readonly a.UserEvent[]; attributes?: a.Attributes; recommend?: a.RecommendationRequest },
    ): Promise<a.SessionProfile> {
        return this.#send(send("POST", "v1/profiles/compute", session));
    }

    /** Users with a profile, by the start of their id, in the order of ids. after: the last id of the page before. */
    async findUsers(query: { prefix?: string; after?: string; count?: number } = {}): Promise<a.FoundUsers> {
        return this.#send(get("v1/users", { ...query }));
    }

    /** A token by which a page sends events of this user, and can do nothing else. expiresInSeconds: 60 to 86,400. */
    async createToken(userId: string, options: { expiresInSeconds?: number } = {}): Promise<a.PageToken> {
        return this.#send(send("POST", ofUser(userId, "tokens"), options));
    }

    /** Makes two ids those of one person, who is known by userId from then on, also for later events of from. */
    async mergeUser(userId: string, from: string): Promise<a.MergeResponse> {
        return this.#send(send("POST", ofUser(userId, "merge"), { from }));
    }

    /**
     * Profiles that changed. after: the cursor of the answer before, or of an export; left out for the beginning. wait: seconds, up to 30,
     * to wait for the first change; less than the client's timeout. limit: profiles at most, up to 1,000.
     */
    async followProfiles(query: { after?: string; wait?: number; limit?: number; vectors?: boolean } = {}): Promise<ProfileChanges> {
        const { vectors = true, ...rest } = query;
        const asked = { ...rest, vectors: vectors ? "base64" : undefined };
        return this.#send({ method: "GET", path: "v1/profiles/changes", query: asked, read: changesIn });
    }

    /** All profiles of the active model, page by page. after: the user id to go on after; left out for the beginning. */
    async *exportProfiles(query: { after?: string; pageSize?: number } = {}): AsyncGenerator<ExportedProfiles> {
        let after = query.after;
        do {
            const asked = { after, limit: query.pageSize ?? 10_000, vectors: "base64" };
            const page = await this.#send({ method: "GET", path: "v1/profiles/export", query: asked, read: exportedIn });
            yield page;
            after = page.next;
        } while (after !== undefined);
    }

    /** The events behind a user's profile. */
    async getWindow(userId: string): Promise<a.UserWindow | null> {
        return this.#send(find(ofUser(userId, "window")));
    }

    /** What a user's profile comes from. The service runs the model for this answer. */
    async getExplanation(userId: string): Promise<a.Explanation | null> {
        return this.#send(find(ofUser(userId, "explanation")));
    }

    /** Kinds and categories of a user's next event. */
    async getPredictions(userId: string): Promise<a.Predictions | null> {
        return this.#send(find(ofUser(userId, "predictions")));
    }

    /** Users with a similar profile. */
    async getSimilarUsers(userId: string, query: { count?: number } = {}): Promise<a.SimilarResponse | null> {
        return this.#send(find(ofUser(userId, "similar"), { ...query }));
    }

    /** The users whom an item fits best. */
    async getItemUsers(itemId: string, query: { count?: number } = {}): Promise<a.UsersOfItem | null> {
        return this.#send(find(ofItem(itemId, "users"), { ...query }));
    }

    /** The users whom a category fits best. */
    async getCategoryUsers(category: string, query: { count?: number } = {}): Promise<a.UsersOfCategory | null> {
        return this.#send(find(ofCategory(category, "users"), { ...query }));
    }

    /** Items for a user. include: "reason" adds which item of the user's window is most like each; it needs the scope raw:read, too. */
    async recommend(userId: string, request: a.RecommendationRequest & { include?: "reason" } = {}): Promise<a.Recommendations | null> {
        const { include, ...body } = request;
        const asked = send<a.Recommendations>("POST", ofUser(userId, "recommendations"), body);
        return this.#send({ ...asked, query: { include }, read: orNull(bodyOf<a.Recommendations>) });
    }

    /** Items for a user, page by page, until the list ends; nothing for an unknown user. request: as of recommend; count is a page's. */
    async *recommendPages(
        userId: string, request: a.RecommendationRequest & { include?: "reason" } = {},
    ): AsyncGenerator<a.Recommendations> {
        let after = request.after;
        do {
            const page: a.Recommendations | null = await this.recommend(userId, after === undefined ? request : { ...request, after });
            if (page === null)
                return;
            yield page;
            after = page.after;
        } while (after);
    }

    /** Up to 1,000 items of the caller, by how well they fit a user. */
    async rankItems(userId: string, itemIds: readonly string[]): Promise<a.RankedItems | null> {
        return this.#send({ ...send("POST", ofUser(userId, "rank"), { itemIds }), read: orNull(bodyOf<a.RankedItems>) });
    }

    /** Items of the caller, by how well they fit each of many users: up to 100,000 pairs. */
    async rankItemsOfUsers(userIds: readonly string[], itemIds: readonly string[]): Promise<a.BatchRanking> {
        return this.#send(send("POST", "v1/rank", { userIds, itemIds }));
    }

    /** The scores of rankItemsOfUsers, a row a user. */
    async scoreItemsOfUsers(userIds: readonly string[], itemIds: readonly string[]): Promise<ScoreMatrix> {
        const asked = send<ScoreMatrix>("POST", "v1/rank", { userIds, itemIds });
        const read = (answer: Response): Promise<ScoreMatrix> => scoresIn(answer, userIds, itemIds);
        return this.#send({ ...asked, headers: { ...asked.headers, ...BYTES }, read });
    }

    /** Items that are like an item. categories: keeps only items of these. by neighbours: those that users met with it. */
    async getSimilarItems(
        itemId: string,
        query: { count?: number; categories?: readonly string[]; by?: "vectors" | "neighbours" } = {},
    ): Promise<a.SimilarItems | null> {
        return this.#send(find(ofItem(itemId, "similar"), { ...query }));
    }

    async getItem(itemId: string): Promise<a.CatalogueItem | null> {
        return this.#send(find(ofItem(itemId)));
    }

    /** Items by a part of their title or the start of their id, in the order of ids. after: the next of the page before. */
    async findItems(query: { query?: string; after?: string | undefined; count?: number } = {}): Promise<a.ItemPage> {
        return this.#send(get("v1/items", { ...query }));
    }

    /** Replaces what is known of an item. */
    async putItem(itemId: string, item: a.ItemFields): Promise<a.CatalogueItem> {
        return this.#send(send("PUT", ofItem(itemId), item));
    }

    /** Changes some of what is known of an item, and null removes a field; null where nothing is known of the item. */
    async patchItem(itemId: string, changes: a.ItemPatch): Promise<a.CatalogueItem | null> {
        return this.#send({ ...send("PATCH", ofItem(itemId), changes), read: orNull(bodyOf<a.CatalogueItem>) });
    }

    /** Replaces what is known of many items, in requests of up to 1,000. */
    async putItems(items: Entries<a.Item>): Promise<a.BatchSummary> {
        return this.#store("v1/items", items);
    }

    /** Deletes an item, which is not recommended any more until it is put again. */
    async deleteItem(itemId: string): Promise<void> {
        return this.#send({ method: "DELETE", path: ofItem(itemId), read: throwRefusal });
    }

    /** Items that most users met; null while there is no release of counts. */
    async getPopularItems(query: { count?: number; category?: string } = {}): Promise<a.PopularItems | null> {
        return this.#send(find("v1/items/popular", { ...query }));
    }

    /** Items whose share of what users meet grew the most; null while there is no release of counts. */
    async getTrendingItems(query: { count?: number; category?: string } = {}): Promise<a.TrendingItems | null> {
        return this.#send(find("v1/items/trending", { ...query }));
    }

    /** How many users each category has; null while there is no release of counts. */
    async getCategoryCounts(query: { count?: number } = {}): Promise<a.CategoryCounts | null> {
        return this.#send(find("v1/categories", { ...query }));
    }

    async getAttributes(userId: string): Promise<a.AttributesResponse | null> {
        return this.#send(find(ofUser(userId, "attributes")));
    }

    /** Replaces all attributes of a user, whose profile is computed again. */
    async putAttributes(userId: string, attributes: a.Attributes): Promise<a.AttributesResponse> {
        return this.#send(send("PUT", ofUser(userId, "attributes"), attributes));
    }

    /** Replaces the attributes of many users, in requests of up to 1,000. */
    async putAttributesBatch(users: Entries<a.AttributesEntry>): Promise<a.BatchSummary> {
        return this.#store("v1/attributes", users);
    }

    /** What a user's data may be used for. */
    async getPurposes(userId: string): Promise<a.PurposesResponse> {
        return this.#send(get(ofUser(userId, "purposes")));
    }

    /** Sets what a user's data may be used for. Without profile the user's profiles are deleted. */
    async putPurposes(userId: string, purposes: a.PurposesRequest): Promise<a.PurposesResponse> {
        return this.#send(send("PUT", ofUser(userId, "purposes"), purposes));
    }

    /** Sets the purposes of many users, in requests of up to 1,000. */
    async putPurposesBatch(users: Entries<a.PurposesEntry>): Promise<a.BatchSummary> {
        return this.#store("v1/purposes", users);
    }

    /**
     * Asks for a user to be erased from every store. The service has recorded that when this returns; getErasure tells when it is done.
     */
    async eraseUser(userId: string): Promise<a.ErasureReceipt> {
        return this.#send({ method: "DELETE", path: ofUser(userId), read: bodyOf<a.ErasureReceipt> });
    }

    /** As eraseUser for up to 1,000 users, also for ids that no address can hold. */
    async eraseUsers(userIds: readonly string[]): Promise<a.ErasureReceipt> {
        return this.#send(send("POST", "v1/erasures", { userIds }));
    }

    /** The receipt of an erasure. */
    async getErasure(receipt: string): Promise<a.ErasureReceipt | null> {
        return this.#send(find(ofErasure(receipt)));
    }

    /** All that is known of a user, line by line, each with its section; the last is the section end. */
    async *exportUser(userId: string): AsyncGenerator<ExportLine> {
        yield* await this.#lines({ method: "POST", path: "v1/exports", body: jsonOf({ userId }) });
    }

    /** Events of all users whose purposes allow training, line by line; the last line is the section end. */
    async *exportTraining(
        query: { ids?: boolean; texts?: boolean; attributes?: readonly string[]; erasedAfter?: number } = {},
    ): AsyncGenerator<ExportLine> {
        yield* await this.#lines({ method: "GET", path: "v1/exports/training", query: { ...query } });
    }

    /** The service at a glance. */
    async getStatus(): Promise<a.ServiceStatus> {
        return this.#send(get("v1/status"));
    }

    /** What this client may do, by the key that it sends. */
    async getAccess(): Promise<a.Access> {
        return this.#send(get("v1/access"));
    }

    /** The models in use. */
    async getModels(): Promise<a.ServiceModels> {
        return this.#send(get("v1/models"));
    }

    async #store(path: string, entries: Entries<unknown>): Promise<a.BatchSummary> {
        const total: a.BatchSummary = { accepted: 0, rejected: 0, problems: [] };
        let sent = 0;
        for await (const { call, count } of requestsOf<a.BatchSummary>(path, entries)) {
            addEntries(total, await this.#send(call), sent);
            sent += count;
        }

        return total;
    }

    #lines(call: Omit<Call<AsyncGenerator<ExportLine>>, "read" | "headers">): Promise<AsyncGenerator<ExportLine>> {
        const headers: Record<string, string> = call.body === undefined ? {} : { "Content-Type": "application/json" };
        return this.#send({ ...call, headers, read: answer => Promise.resolve(linesIn(answer)) });
    }

    #send<T>(call: Call<T>): Promise<T> {
        return this.#transport.send(call);
    }
}

// The parts go as one value: the service takes include only once.
const queryOf = ({ fresh, include }: ProfileOptions) => ({ fresh: fresh || undefined, include: include?.join(",") });
