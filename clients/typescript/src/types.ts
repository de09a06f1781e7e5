// Requests and answers of the API under their own names. api.ts is made from docs/openapi.json.

import type { components } from "./api.js";

type Schemas = components["schemas"];

export type Access = Schemas["Access"];
export type AttributesEntry = Schemas["AttributesEntry"];
export type AttributesResponse = Schemas["AttributesResponse"];
export type BatchRanking = Schemas["BatchRanking"];
export type BatchSummary = Schemas["BatchSummary"];
export type CatalogueItem = Schemas["CatalogueItem"];
export type CategoryCounts = Schemas["CategoryCounts"];
export type EntryProblem = Schemas["EntryProblem"];
export type ErasureReceipt = Schemas["ErasureReceipt"];
export type Explanation = Schemas["Explanation"];
export type FoundUsers = Schemas["FoundUsers"];
export type IngestSummary = Schemas["IngestSummary"];
export type ItemPage = Schemas["ItemPage"];
export type ItemPatch = Schemas["ItemPatch"];
export type MergeResponse = Schemas["MergeResponse"];
export type PageToken = Schemas["PageToken"];
export type PopularItems = Schemas["PopularItems"];
export type Predictions = Schemas["Predictions"];
export type ProfileLookup = Schemas["ProfileLookup"];
export type PurposesEntry = Schemas["PurposesEntry"];
export type PurposesRequest = Schemas["PurposesRequest"];
export type PurposesResponse = Schemas["PurposesResponse"];
export type RankedItems = Schemas["RankedItems"];
export type Recommendations = Schemas["Recommendations"];
export type ServiceModels = Schemas["ServiceModels"];
export type ServiceStatus = Schemas["ServiceStatus"];
export type SessionProfile = Schemas["SessionProfile"];
export type SimilarItems = Schemas["SimilarItems"];
export type SimilarResponse = Schemas["SimilarResponse"];
export type TrendingItems = Schemas["TrendingItems"];
export type UserEvent = Schemas["UserEvent"];
export type UserProfile = Schemas["UserProfile"];
export type UserWindow = Schemas["UserWindow"];
export type UsersOfCategory = Schemas["UsersOfCategory"];
export type UsersOfItem = Schemas["UsersOfItem"];

// Fields with a default may be left out of a request.
export type Item = Pick<CatalogueItem, "itemId"> & Partial<CatalogueItem>;
export type ItemFields = Partial<Schemas["ItemBody"]>;
export type RecommendationRequest = Partial<Schemas["RecommendationRequest"]>;

export type Attributes = Record<string, string | number | boolean>;
export type ProfilePart = "vector" | "dimensions" | "explanation";
