"""The calls of the API, each once, for both clients. docs/clients.md lists which call is which operation."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx

from profileservice import answers as a
from profileservice.call import BYTES, Call, body_of, find, get, of_category, of_erasure, of_item, of_user, or_none, raise_refusal, send
from profileservice.flows import ExportedProfiles, ProfileChanges, changes_of, exported_of
from profileservice.updates import ProfileUpdate, update_of
from profileservice.vectors import Floats, ScoreMatrix, VectorMatrix, floats_of, matrix_of, scores_of

Attributes = Mapping[str, str | float | bool]


def get_profile(user_id: str, fresh: bool, include: Sequence[str] | None) -> Call[a.UserProfile | None]:
    return find(of_user(user_id, "profile"), fresh=fresh or None, include=_parts(include))


def get_profile_if_changed(user_id: str, etag: str | None, fresh: bool, include: Sequence[str] | None) -> Call[ProfileUpdate]:
    headers = {"If-None-Match": etag} if etag else {}
    return Call("GET", of_user(user_id, "profile"), update_of, {"fresh": fresh or None, "include": _parts(include)}, headers)


def get_vector(user_id: str, fresh: bool) -> Call[Floats | None]:
    return Call("GET", of_user(user_id, "profile"), or_none(floats_of), {"fresh": fresh or None}, BYTES)


def lookup_profiles(user_ids: Sequence[str]) -> Call[a.ProfileLookup]:
    return send("POST", "v1/profiles/lookup", {"userIds": _many(user_ids, "user_ids")})


def lookup_vectors(user_ids: Sequence[str]) -> Call[VectorMatrix]:
    users = _many(user_ids, "user_ids")

    def read(answer: httpx.Response) -> VectorMatrix:
        raise_refusal(answer)
        return matrix_of(users, answer)
    return send("POST", "v1/profiles/lookup", {"userIds": users}, read, BYTES)


def compute_profile(events: Sequence[Mapping[str, Any]], attributes: Attributes | None,
                    recommend: Mapping[str, Any] | None) -> Call[a.SessionProfile]:
    return send("POST", "v1/profiles/compute", _given(events=list(events), attributes=attributes, recommend=recommend))


def find_users(prefix: str | None, count: int, after: str | None) -> Call[a.FoundUsers]:
    return get("v1/users", prefix=prefix, count=count, after=after)


def create_token(user_id: str, expires_in_seconds: int | None) -> Call[a.PageToken]:
    return send("POST", of_user(user_id, "tokens"), {"expiresInSeconds": expires_in_seconds})


def merge_user(user_id: str, from_id: str) -> Call[a.MergeResponse]:
    return send("POST", of_user(user_id, "merge"), {"from": from_id})


def follow_profiles(after: str | None, wait: int, limit: int, vectors: bool) -> Call[ProfileChanges]:
    query = {"after": after, "wait": wait, "limit": limit, "vectors": "base64" if vectors else None}
    return Call("GET", "v1/profiles/changes", changes_of, query)


def export_profiles(after: str | None, page_size: int) -> Call[ExportedProfiles]:
    return Call("GET", "v1/profiles/export", exported_of, {"after": after, "limit": page_size, "vectors": "base64"})


def get_window(user_id: str) -> Call[a.UserWindow | None]:
    return find(of_user(user_id, "window"))


def get_explanation(user_id: str) -> Call[a.Explanation | None]:
    return find(of_user(user_id, "explanation"))


def get_predictions(user_id: str) -> Call[a.Predictions | None]:
    return find(of_user(user_id, "predictions"))


def get_similar_users(user_id: str, count: int) -> Call[a.SimilarResponse | None]:
    return find(of_user(user_id, "similar"), count=count)


def get_item_users(item_id: str, count: int) -> Call[a.UsersOfItem | None]:
    return find(of_item(item_id, "users"), count=count)


def get_category_users(category: str, count: int) -> Call[a.UsersOfCategory | None]:
    return find(of_category(category, "users"), count=count)


def recommend(user_id: str, request: Mapping[str, Any], include: str | None) -> Call[a.Recommendations | None]:
    asked = send("POST", of_user(user_id, "recommendations"), request, or_none(body_of))
    return replace(asked, query={"include": include})


def rank_items(user_id: str, item_ids: Sequence[str]) -> Call[a.RankedItems | None]:
    return send("POST", of_user(user_id, "rank"), {"itemIds": _many(item_ids, "item_ids")}, or_none(body_of))


def rank_items_of_users(user_ids: Sequence[str], item_ids: Sequence[str]) -> Call[a.BatchRanking]:
    return send("POST", "v1/rank", {"userIds": _many(user_ids, "user_ids"), "itemIds": _many(item_ids, "item_ids")})


def score_items_of_users(user_ids: Sequence[str], item_ids: Sequence[str]) -> Call[ScoreMatrix]:
    users, items = _many(user_ids, "user_ids"), _many(item_ids, "item_ids")

    def read(answer: httpx.Response) -> ScoreMatrix:
        raise_refusal(answer)
        return scores_of(users, items, answer)
    return send("POST", "v1/rank", {"userIds": users, "itemIds": items}, read, BYTES)


def get_similar_items(item_id: str, count: int, categories: Sequence[str] | None, by: str | None) -> Call[a.SimilarItems | None]:
    return find(of_item(item_id, "similar"), by=by, count=count, categories=categories and _many(categories, "categories"))


def get_item(item_id: str) -> Call[a.CatalogueItem | None]:
    return find(of_item(item_id))


def find_items(query: str | None, after: str | None, count: int) -> Call[a.ItemPage]:
    return get("v1/items", query=query, after=after, count=count)


def put_item(item_id: str, item: Mapping[str, Any]) -> Call[a.CatalogueItem]:
    return send("PUT", of_item(item_id), item)


def patch_item(item_id: str, changes: Mapping[str, Any]) -> Call[a.CatalogueItem | None]:
    return send("PATCH", of_item(item_id), changes, or_none(body_of))


def delete_item(item_id: str) -> Call[None]:
    return Call("DELETE", of_item(item_id), raise_refusal)


def get_popular_items(count: int, category: str | None) -> Call[a.PopularItems | None]:
    return find("v1/items/popular", count=count, category=category)


def get_trending_items(count: int, category: str | None) -> Call[a.TrendingItems | None]:
    return find("v1/items/trending", count=count, category=category)


def get_category_counts(count: int) -> Call[a.CategoryCounts | None]:
    return find("v1/categories", count=count)


def get_attributes(user_id: str) -> Call[a.AttributesResponse | None]:
    return find(of_user(user_id, "attributes"))


def put_attributes(user_id: str, attributes: Attributes) -> Call[a.AttributesResponse]:
    return send("PUT", of_user(user_id, "attributes"), attributes)


def get_purposes(user_id: str) -> Call[a.PurposesResponse]:
    return get(of_user(user_id, "purposes"))


def put_purposes(user_id: str, purposes: a.PurposesRequest) -> Call[a.PurposesResponse]:
    return send("PUT", of_user(user_id, "purposes"), purposes)


def erase_user(user_id: str) -> Call[a.ErasureReceipt]:
    return Call("DELETE", of_user(user_id), body_of)


def erase_users(user_ids: Sequence[str]) -> Call[a.ErasureReceipt]:
    return send("POST", "v1/erasures", {"userIds": _many(user_ids, "user_ids")})


def get_erasure(receipt: str) -> Call[a.ErasureReceipt | None]:
    return find(of_erasure(receipt))


def export_user(user_id: str) -> Call[Any]:
    return send("POST", "v1/exports", {"userId": user_id})


def export_training(**query: Any) -> Call[Any]:
    return get("v1/exports/training", **query)


def get_status() -> Call[a.ServiceStatus]:
    return get("v1/status")


def get_access() -> Call[a.Access]:
    return get("v1/access")


def get_models() -> Call[a.ServiceModels]:
    return get("v1/models")


def _many(values: Sequence[str], name: str) -> list[str]:
    """The values as a list. A text is a sequence of its characters, and hardly meant so."""
    if isinstance(values, str):
        raise TypeError(f"{name} is a text; write [{values!r}]")
    return list(values)


def _parts(include: Sequence[str] | None) -> str | None:
    """The names of parts as one value: the service takes include only once."""
    return None if include is None else ",".join(_many(include, "include"))


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
