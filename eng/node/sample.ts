// A program that uses the client that eng/typescript generates. It is compiled, not run: what must not compile is marked.

import createClient from "openapi-fetch";
import type { components, paths } from "./api";

type UserEvent = components["schemas"]["UserEvent"];

const service = createClient<paths>({
    baseUrl: "http://localhost:8080",
    querySerializer: { array: { style: "form", explode: false } }, // include=vector,dimensions
});

/** Sends events; the number that is stored. */
export async function send(events: UserEvent[]): Promise<number> {
    const { data, error } = await service.POST("/v1/events", { body: events });
    if (error)
        throw new Error(`${error.code} at ${error.field ?? "the request"}: ${error.detail}`);
    return data.accepted;
}

/** The user's strongest interest; undefined if the profile has none. */
export async function interest(userId: string): Promise<string | undefined> {
    const { data, error } = await service.GET("/v1/users/{userId}/profile", {
        params: { path: { userId }, query: { fresh: true, include: ["dimensions"] } },
        headers: { Accept: "application/json" },
    });
    if (error)
        throw new Error(error.detail);
    return typeof data === "object" ? data.dimensions?.interests?.[0]?.category : undefined;
}

export async function describe(userId: string): Promise<boolean> {
    const { response } = await service.PUT("/v1/users/{userId}/attributes", {
        params: { path: { userId } },
        body: { age: 34, gender: "female", member: true },
    });
    return response.ok;
}

const event: UserEvent = { userId: "ada", kind: "view", itemId: "yoga-011", timestamp: new Date().toISOString(), categories: ["yoga"] };
await send([event]);

// @ts-expect-error a kind that there is not
await send([{ ...event, kind: "stare" }]);
// @ts-expect-error no itemId
await send([{ userId: "ada", kind: "view", timestamp: event.timestamp }]);
// @ts-expect-error a part that there is not
await service.GET("/v1/users/{userId}/profile", { params: { path: { userId: "ada" }, query: { include: ["colour"] } } });
// @ts-expect-error a list is no value of an attribute
await service.PUT("/v1/users/{userId}/attributes", { params: { path: { userId: "ada" } }, body: { age: [34] } });
// @ts-expect-error a path that there is not
await service.GET("/v1/nothing");
