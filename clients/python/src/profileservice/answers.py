"""Requests and answers of the API, as JSON has them. Made by generate.py from docs/openapi.json."""
from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Access(TypedDict):
    mode: Literal["None", "Keys", "Oidc", "Both"]
    caller: NotRequired[str]
    scopes: list[str]


class Activity(TypedDict):
    lastEventAt: str
    recencyDays: float
    events: int
    eventsPerDay: float
    sessions: int
    valueSum: NotRequired[float]
    hours: list[float]
    weekdays: list[float]
    firstEventAt: NotRequired[str]


class AttributeLeftOut(TypedDict):
    name: str
    change: float
    segments: NotRequired[dict[str, float]]


class AttributesEntry(TypedDict):
    userId: str
    attributes: dict[str, str | float | bool]


class AttributesResponse(TypedDict):
    userId: str
    attributes: dict[str, str | float | bool]
    unused: list[str]
    updatedAt: str


class BatchRankRequest(TypedDict):
    userIds: list[str]
    itemIds: list[str]


class BatchRanking(TypedDict):
    model: str
    users: list[UserRanking]
    missing: list[str]
    unknownItems: list[str]
    unavailableItems: list[str]
    unavailableUsers: NotRequired[list[str]]


class BatchSummary(TypedDict):
    accepted: int
    rejected: int
    problems: list[EntryProblem]


class BeaconRequest(TypedDict):
    token: str
    events: list[PageEvent]


class CatalogueItem(TypedDict):
    itemId: str
    categories: NotRequired[list[str]]
    price: NotRequired[float]
    title: NotRequired[str]
    labels: NotRequired[list[str]]
    content: NotRequired[list[float]]
    available: NotRequired[bool]
    expiresAt: NotRequired[str]


class CategoryCount(TypedDict):
    category: str
    users: int


class CategoryCounts(TypedDict):
    release: Release
    categories: list[CategoryCount]
    stale: NotRequired[bool]


class CloudEvent(TypedDict):
    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: NotRequired[str]
    time: NotRequired[str]
    datacontenttype: NotRequired[str]
    data: CloudEventData


class CloudEventData(TypedDict):
    eventId: NotRequired[str]
    userId: NotRequired[str]
    kind: NotRequired[Literal["view", "click", "cart", "purchase", "rating", "review", "like", "dislike", "share", "search"]]
    itemId: str
    timestamp: NotRequired[str]
    categories: NotRequired[list[str]]
    value: NotRequired[float]
    text: NotRequired[str]
    recommendationId: NotRequired[str]


class EntryProblem(TypedDict):
    index: int
    code: str
    field: NotRequired[str]
    detail: str


class ErasureLine(TypedDict):
    userId: str


class ErasureReceipt(TypedDict):
    receipt: str
    state: Literal["pending", "gone", "done"]
    users: int
    requestedAt: str
    goneAt: NotRequired[str]
    doneAt: NotRequired[str]
    removed: RemovedData
    waitingFor: NotRequired[str]
    rejected: NotRequired[int]
    problems: NotRequired[list[EntryProblem]]


class ErasureRequest(TypedDict):
    userIds: list[str]


class ExplainedDimensions(TypedDict):
    interests: list[ExplainedInterest]
    intentEvents: int
    priceEvents: int
    sentimentTexts: int


class ExplainedEvent(TypedDict):
    eventId: str
    kind: str
    itemId: str
    timestamp: str
    categories: NotRequired[list[str]]
    value: NotRequired[float]
    sentiment: NotRequired[float]
    attention: float
    change: NotRequired[float]
    segments: NotRequired[dict[str, float]]
    heads: NotRequired[list[float]]


class ExplainedInterest(TypedDict):
    category: str
    share: float
    against: NotRequired[float]
    events: int
    attention: float


class Explanation(TypedDict):
    userId: str
    model: str
    revision: int
    events: list[ExplainedEvent]
    dimensions: ExplainedDimensions
    withoutEvent: list[LeftOutEvent]
    withoutAttribute: list[AttributeLeftOut]
    segments: NotRequired[dict[str, float]]


class ExportContents(TypedDict):
    contents: dict[str, int]
    userId: str
    exportedAt: str
    notExported: dict[str, str]


class ExportRequest(TypedDict):
    userId: str


class FoundUsers(TypedDict):
    users: list[str]
    total: int


class Freshness(TypedDict):
    computedAt: str
    eventsThrough: NotRequired[str]
    ageSeconds: float
    pendingEvents: int
    stale: bool


class HttpRequestSummary(TypedDict):
    tag: NotRequired[str]
    requests: int
    requestsPerSecond: float
    clientErrors: int
    serverErrors: int
    p50Milliseconds: NotRequired[float]
    p99Milliseconds: NotRequired[float]


class HttpRequests(TypedDict):
    seconds: float
    total: HttpRequestSummary
    tags: list[HttpRequestSummary]


class IngestSummary(TypedDict):
    accepted: int
    duplicates: int
    late: int
    erased: int
    rejected: int
    problems: list[EntryProblem]
    unknownFields: NotRequired[list[str]]


class Intent(TypedDict):
    browse: float
    compare: float
    buy: float
    feedback: float


class Interest(TypedDict):
    category: str
    share: float
    trend: NotRequired[float]
    against: NotRequired[float]


class ItemBody(TypedDict):
    categories: NotRequired[list[str]]
    price: NotRequired[float]
    title: NotRequired[str]
    labels: NotRequired[list[str]]
    content: NotRequired[list[float]]
    available: NotRequired[bool]
    expiresAt: NotRequired[str]


class ItemFilter(TypedDict):
    categories: NotRequired[list[str]]
    excludeCategories: NotRequired[list[str]]
    labels: NotRequired[list[str]]
    excludeLabels: NotRequired[list[str]]
    excludeItems: NotRequired[list[str]]
    minPrice: NotRequired[float]
    maxPrice: NotRequired[float]


class ItemPage(TypedDict):
    items: list[CatalogueItem]
    next: NotRequired[str]


class ItemPatch(TypedDict):
    categories: NotRequired[list[str] | None]
    price: NotRequired[float | None]
    title: NotRequired[str | None]
    labels: NotRequired[list[str] | None]
    content: NotRequired[list[float] | None]
    available: NotRequired[bool | None]
    expiresAt: NotRequired[str | None]


class LeftOutEvent(TypedDict):
    eventId: str
    change: float
    segments: NotRequired[dict[str, float]]


class LookupRequest(TypedDict):
    userIds: list[str]


MergeRequest = TypedDict("MergeRequest", {"from": "str"})


MergeResponse = TypedDict("MergeResponse", {"userId": "str", "from": "str", "aliases": "int", "movedEvents": "int"})


class PageEvent(TypedDict):
    eventId: NotRequired[str]
    kind: Literal["view", "click", "cart", "purchase", "rating", "review", "like", "dislike", "share", "search"]
    itemId: str
    timestamp: str
    categories: NotRequired[list[str]]
    value: NotRequired[float]
    text: NotRequired[str]
    recommendationId: NotRequired[str]


class PageToken(TypedDict):
    token: str
    expiresAt: str


class PopularItem(TypedDict):
    itemId: str
    users: int
    title: NotRequired[str]
    categories: NotRequired[list[str]]
    price: NotRequired[float]


class PopularItems(TypedDict):
    release: Release
    items: list[PopularItem]
    stale: NotRequired[bool]


class PredictedCategory(TypedDict):
    category: str
    probability: float


class PredictedKind(TypedDict):
    kind: str
    probability: float


class Predictions(TypedDict):
    userId: str
    model: str
    revision: int
    kinds: NotRequired[list[PredictedKind]]
    categories: NotRequired[list[PredictedCategory]]
    stale: NotRequired[bool]


class PriceLevel(TypedDict):
    median: float
    low: float
    high: float
    events: int


class PrivacyBudget(TypedDict):
    epsilon: float
    days: float
    spent: float
    left: float
    isSpent: bool


class PrivacyManifest(TypedDict):
    ledgerSequence: int
    exportedAt: str
    refitOf: NotRequired[str]


class Problem(TypedDict):
    type: NotRequired[str]
    title: str
    status: int
    detail: str
    code: str
    field: NotRequired[str]
    line: NotRequired[int]
    byte: NotRequired[int]
    accepted: NotRequired[int]
    duplicates: NotRequired[int]
    late: NotRequired[int]
    erased: NotRequired[int]
    rejected: NotRequired[int]
    problems: NotRequired[list[EntryProblem]]
    unknownFields: NotRequired[list[str]]
    traceId: NotRequired[str]


class ProfileChange(TypedDict):
    userId: NotRequired[str]
    pseudonym: str
    model: NotRequired[str]
    revision: NotRequired[int]
    computedAt: NotRequired[str]
    vector: NotRequired[list[float]]
    deleted: NotRequired[bool]


class ProfileDimensions(TypedDict):
    interests: NotRequired[list[Interest]]
    activity: NotRequired[Activity]
    intent: NotRequired[Intent]
    priceLevel: NotRequired[PriceLevel]
    sentiment: NotRequired[TextSentiment]
    attributes: NotRequired[dict[str, str | float | bool]]


class ProfileExportHead(TypedDict):
    cursor: str
    model: str
    digest: str
    dimension: NotRequired[int]
    exportedAt: str


class ProfileLookup(TypedDict):
    profiles: list[UserProfile]
    missing: list[str]
    unavailable: NotRequired[list[str]]


class PurposesEntry(TypedDict):
    userId: str
    profile: bool
    explain: bool
    similar: bool
    train: bool


class PurposesRequest(TypedDict):
    profile: bool
    explain: bool
    similar: bool
    train: bool


class PurposesResponse(TypedDict):
    userId: str
    profile: bool
    explain: bool
    similar: bool
    train: bool
    version: int
    setAt: NotRequired[str]


class RankRequest(TypedDict):
    itemIds: list[str]


class RankedItem(TypedDict):
    itemId: str
    score: float


class RankedItems(TypedDict):
    userId: str
    model: str
    revision: int
    items: list[RecommendedItem]
    unknown: list[str]
    unavailable: list[str]
    stale: NotRequired[bool]


class RecommendationContext(TypedDict):
    itemIds: list[str]


class RecommendationOutcome(TypedDict):
    model: str
    shown: int
    clicked: int
    bought: int


class RecommendationReason(TypedDict):
    itemId: str
    similarity: float
    title: NotRequired[str]


class RecommendationRequest(TypedDict):
    count: NotRequired[int]
    filter: NotRequired[ItemFilter]
    excludeSeen: NotRequired[Literal["window", "ever", "purchased", "never"]]
    maxPerCategory: NotRequired[int]
    fallback: NotRequired[Literal["none", "popular"]]
    diversity: NotRequired[float]
    after: NotRequired[str]
    context: NotRequired[RecommendationContext]


class Recommendations(TypedDict):
    userId: str
    model: str
    revision: int
    items: list[RecommendedItem]
    popular: NotRequired[list[PopularItem]]
    stale: NotRequired[bool]
    recommendationId: NotRequired[str]
    after: NotRequired[str]


class RecommendedItem(TypedDict):
    itemId: str
    score: float
    liking: NotRequired[float]
    title: NotRequired[str]
    categories: NotRequired[list[str]]
    price: NotRequired[float]
    reason: NotRequired[RecommendationReason]


class Release(TypedDict):
    number: int
    madeAt: str
    exact: bool
    epsilon: float
    users: int
    maxItemsPerUser: int
    itemsFrom: int
    categoriesFrom: int
    budget: NotRequired[PrivacyBudget]


class RemovedData(TypedDict):
    windows: int
    events: int
    cachedProfiles: int
    profiles: int
    attributes: int
    vectors: int
    archivedEvents: int
    processes: int


class ServiceModel(TypedDict):
    model: str
    name: str
    version: str
    dimension: int
    maxEvents: int
    provider: Literal["Cpu", "Cuda"]
    contentDimension: int
    itemVectors: int
    metrics: NotRequired[Any]
    windowRules: NotRequired[WindowRules]
    windowAdvice: NotRequired[str]
    privacy: NotRequired[PrivacyManifest]
    erasuresSince: NotRequired[int]


class ServiceModels(TypedDict):
    active: ServiceModel
    sentiment: NotRequired[str]


class ServiceStatus(TypedDict):
    empty: bool
    due: int
    users: NotRequired[int]
    model: str
    provider: Literal["Cpu", "Cuda"]
    events: int
    refreshes: int
    inferenceRuns: int
    inferenceSeconds: float
    rejectedEvents: int
    failedRefreshes: int
    freshnessSeconds: float
    uptimeSeconds: float
    version: str
    recommendations: NotRequired[list[RecommendationOutcome]]
    httpRequests: HttpRequests


class SessionProfile(TypedDict):
    vector: list[float]
    dimension: int
    model: str
    eventCount: int
    evidence: float
    dimensions: ProfileDimensions
    items: NotRequired[list[RecommendedItem]]
    popular: NotRequired[list[PopularItem]]
    after: NotRequired[str]
    unknownFields: NotRequired[list[str]]
    stale: NotRequired[bool]


class SessionRequest(TypedDict):
    events: NotRequired[list[UserEvent]]
    attributes: NotRequired[dict[str, str | float | bool]]
    recommend: NotRequired[RecommendationRequest]


class SimilarItem(TypedDict):
    itemId: str
    similarity: float
    title: NotRequired[str]
    categories: NotRequired[list[str]]
    price: NotRequired[float]


class SimilarItems(TypedDict):
    itemId: str
    model: str
    items: list[SimilarItem]


class SimilarResponse(TypedDict):
    userId: str
    model: str
    search: Literal["exact", "hnsw"]
    users: list[SimilarUser]
    stale: NotRequired[bool]


class SimilarUser(TypedDict):
    userId: str
    similarity: float


class StoredEvent(TypedDict):
    eventId: str
    userId: str
    kind: str
    itemId: str
    timestamp: str
    categories: NotRequired[list[str]]
    value: NotRequired[float]
    text: NotRequired[str]
    textRemoved: NotRequired[bool]


class TextSentiment(TypedDict):
    mean: float
    trend: NotRequired[float]
    texts: int


class TokenRequest(TypedDict):
    expiresInSeconds: NotRequired[int]


class TrainingContents(TypedDict):
    ledgerSequence: int
    exportedAt: str
    source: str
    users: str


class TrendingItem(TypedDict):
    itemId: str
    users: int
    share: float
    growth: float
    title: NotRequired[str]
    categories: NotRequired[list[str]]
    price: NotRequired[float]


class TrendingItems(TypedDict):
    release: Release
    recentDays: float
    items: list[TrendingItem]
    stale: NotRequired[bool]


class UserEvent(TypedDict):
    eventId: NotRequired[str]
    userId: str
    kind: Literal["view", "click", "cart", "purchase", "rating", "review", "like", "dislike", "share", "search"]
    itemId: str
    timestamp: str
    categories: NotRequired[list[str]]
    value: NotRequired[float]
    text: NotRequired[str]
    recommendationId: NotRequired[str]


class UserProfile(TypedDict):
    userId: str
    vector: NotRequired[list[float]]
    dimension: int
    model: str
    revision: int
    eventCount: int
    evidence: float
    dimensions: NotRequired[ProfileDimensions]
    explanation: NotRequired[Explanation]
    freshness: Freshness


class UserRanking(TypedDict):
    userId: str
    revision: int
    items: list[RankedItem]
    stale: NotRequired[bool]


class UserWindow(TypedDict):
    userId: str
    revision: int
    digest: str
    events: list[StoredEvent]


class UsersOfCategory(TypedDict):
    category: str
    model: str
    search: Literal["exact", "hnsw"]
    users: list[SimilarUser]


class UsersOfItem(TypedDict):
    itemId: str
    model: str
    search: Literal["exact", "hnsw"]
    users: list[SimilarUser]


class WindowRules(TypedDict):
    maxEvents: int
    maxAgeDays: NotRequired[float]
    mask: Literal["history", "window"]
