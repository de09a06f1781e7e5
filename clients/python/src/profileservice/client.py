"""The client for programs that wait for each answer."""
from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, TypeVar

import httpx

from profileservice import answers as a
from profileservice import calls
from profileservice.call import Call, raise_refusal
from profileservice.calls import Attributes
from profileservice.connection import Lines, Token, header_of, new_client
from profileservice.entries import Ingested, Stored, arrays
from profileservice.flows import ExportedProfiles, ProfileChanges
from profileservice.retry import Retry
from profileservice.updates import ProfileUpdate
from profileservice.vectors import Floats, ScoreMatrix, VectorMatrix

T = TypeVar("T")


class ProfileService:
    """A ProfileService. It keeps its connections and may be used by many threads; one for the life of the program is enough.

    An unknown user or item is None; a refused request raises ProfileServiceError; a service that cannot be reached httpx.TransportError.
    """

    def __init__(self, url: str, key: Token | None = None, *, retry: Retry | None = None, timeout: float = 40.,
                 transport: httpx.BaseTransport | None = None) -> None:
        """url: such as "http://localhost:8080". key: an API key, or a function that returns an access token, asked before each attempt.

        timeout: seconds that connecting, sending and each part of an answer may take. transport: how httpx sends; None for its own way.
        """
        self._http = new_client(httpx.Client, url, timeout, transport)
        self._key = key
        self._retry = retry or Retry()

    def __enter__(self) -> ProfileService:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def send_events(self, events: Iterable[Mapping[str, Any]]) -> a.IngestSummary:
        """Sends any number of events, in requests of up to 1,000; they are stored when this returns.

        A rejected event does not affect the others.
        """
        total = Ingested()
        for call, count in arrays("v1/events", events):
            total.add(self._send(call), count)
        return total.summary

    def create_token(self, user_id: str, expires_in_seconds: int | None = None) -> a.PageToken:
        """A token by which a page sends events of this user, and can do nothing else. expires_in_seconds: 60 to 86,400."""
        return self._send(calls.create_token(user_id, expires_in_seconds))

    def get_profile(self, user_id: str, *, fresh: bool = False, include: Sequence[str] | None = None) -> a.UserProfile | None:
        """A user's profile. fresh: wait until the newest events are in it.

        include: the parts, of vector, dimensions and explanation; the first two if None.
        """
        return self._send(calls.get_profile(user_id, fresh, include))

    def get_profile_if_changed(
            self, user_id: str, etag: str | None, *, fresh: bool = False, include: Sequence[str] | None = None) -> ProfileUpdate:
        """A user's profile, unless the caller's copy with this etag still holds. etag: of the last update; None at first."""
        return self._send(calls.get_profile_if_changed(user_id, etag, fresh, include))

    def get_vector(self, user_id: str, *, fresh: bool = False) -> Floats | None:
        """A user's vector, sent as bytes."""
        return self._send(calls.get_vector(user_id, fresh))

    def lookup_profiles(self, user_ids: Sequence[str]) -> a.ProfileLookup:
        """The profiles of up to 1,000 users."""
        return self._send(calls.lookup_profiles(user_ids))

    def lookup_vectors(self, user_ids: Sequence[str]) -> VectorMatrix:
        """The vectors of up to 1,000 users, sent as bytes: the fast way to many."""
        return self._send(calls.lookup_vectors(user_ids))

    def compute_profile(self, events: Sequence[Mapping[str, Any]], attributes: Attributes | None = None,
                        recommend: Mapping[str, Any] | None = None) -> a.SessionProfile:
        """The profile that a user with these events and attributes would have. Nothing is stored.

        recommend: what recommend() takes; None for no items.
        """
        return self._send(calls.compute_profile(events, attributes, recommend))

    def find_users(self, prefix: str | None = None, count: int = 20, after: str | None = None) -> a.FoundUsers:
        """Users with a profile, by the start of their id, in the order of ids. after: the last id of the page before."""
        return self._send(calls.find_users(prefix, count, after))

    def merge_user(self, user_id: str, from_id: str) -> a.MergeResponse:
        """Makes two ids those of one person, who is known by user_id from then on, also for later events of from_id."""
        return self._send(calls.merge_user(user_id, from_id))

    def follow_profiles(self, after: str | None = None, *, wait: int = 0, limit: int = 1_000, vectors: bool = True) -> ProfileChanges:
        """Profiles that changed. after: the cursor of the answer before, or of an export; None for the beginning.

        wait: seconds, up to 30, to wait for the first change. limit: profiles at most, up to 1,000. Go on with the cursor of the answer.
        The client's timeout must be longer than the wait.
        """
        return self._send(calls.follow_profiles(after, wait, limit, vectors))

    def export_profiles(self, after: str | None = None, page_size: int = 10_000) -> Iterator[ExportedProfiles]:
        """All profiles of the active model, page by page. after: the user id to go on after; None for the beginning."""
        while True:
            page = self._send(calls.export_profiles(after, page_size))
            yield page
            if page.next is None:
                return
            after = page.next

    def get_window(self, user_id: str) -> a.UserWindow | None:
        """The events behind a user's profile."""
        return self._send(calls.get_window(user_id))

    def get_explanation(self, user_id: str) -> a.Explanation | None:
        """What a user's profile comes from. The service runs the model for this answer."""
        return self._send(calls.get_explanation(user_id))

    def get_predictions(self, user_id: str) -> a.Predictions | None:
        """Kinds and categories of a user's next event."""
        return self._send(calls.get_predictions(user_id))

    def get_similar_users(self, user_id: str, count: int = 20) -> a.SimilarResponse | None:
        """Users with a similar profile."""
        return self._send(calls.get_similar_users(user_id, count))

    def get_item_users(self, item_id: str, count: int = 20) -> a.UsersOfItem | None:
        """The users whom an item fits best."""
        return self._send(calls.get_item_users(item_id, count))

    def get_category_users(self, category: str, count: int = 20) -> a.UsersOfCategory | None:
        """The users whom a category fits best."""
        return self._send(calls.get_category_users(category, count))

    def recommend(self, user_id: str, *, include: str | None = None, **request: Any) -> a.Recommendations | None:
        """Items for a user. request: fields of RecommendationRequest, such as count=5, filter={"categories": ["yoga"]}.

        include: "reason" adds to each item which item of the user's window is most like it; that requires the scope raw:read, too.
        """
        return self._send(calls.recommend(user_id, request, include))

    def recommend_pages(self, user_id: str, *, include: str | None = None, **request: Any) -> Iterator[a.Recommendations]:
        """Items for a user, page by page, until the list ends; nothing for an unknown user. request: as of recommend; count is a page's."""
        while page := self.recommend(user_id, include=include, **request):
            yield page
            if "after" not in page:
                return
            request["after"] = page["after"]

    def rank_items(self, user_id: str, item_ids: Sequence[str]) -> a.RankedItems | None:
        """Up to 1,000 items of the caller, by how well they fit a user."""
        return self._send(calls.rank_items(user_id, item_ids))

    def rank_items_of_users(self, user_ids: Sequence[str], item_ids: Sequence[str]) -> a.BatchRanking:
        """Items of the caller, by how well they fit each of many users: up to 100,000 pairs."""
        return self._send(calls.rank_items_of_users(user_ids, item_ids))

    def score_items_of_users(self, user_ids: Sequence[str], item_ids: Sequence[str]) -> ScoreMatrix:
        """The scores of rank_items_of_users as a matrix, [users, items] in the order asked.

        NaN: a user without a profile, an unknown or unavailable item, and where unavailable is above 0 a user who cannot be scored now.
        """
        return self._send(calls.score_items_of_users(user_ids, item_ids))

    def get_similar_items(
            self, item_id: str, count: int = 20, categories: Sequence[str] | None = None,
            by: Literal["vectors", "neighbours"] | None = None) -> a.SimilarItems | None:
        """Items that are like an item. categories: keeps only items of these. by neighbours: those that users met with it."""
        return self._send(calls.get_similar_items(item_id, count, categories, by))

    def get_item(self, item_id: str) -> a.CatalogueItem | None:
        """What is known of an item."""
        return self._send(calls.get_item(item_id))

    def find_items(self, query: str | None = None, after: str | None = None, count: int = 100) -> a.ItemPage:
        """Items by a part of their title or the start of their id, in the order of ids. after: the next of the page before."""
        return self._send(calls.find_items(query, after, count))

    def put_item(self, item_id: str, item: Mapping[str, Any]) -> a.CatalogueItem:
        """Replaces what is known of an item. item: fields of ItemBody, such as categories, price, title."""
        return self._send(calls.put_item(item_id, item))

    def patch_item(self, item_id: str, changes: Mapping[str, Any]) -> a.CatalogueItem | None:
        """Changes some of what is known of an item, and None removes a field. changes: fields of ItemPatch, such as price, labels."""
        return self._send(calls.patch_item(item_id, changes))

    def put_items(self, items: Iterable[Mapping[str, Any]]) -> a.BatchSummary:
        """Replaces what is known of many items, in requests of up to 1,000. items: each with its itemId."""
        return self._store("v1/items", items)

    def delete_item(self, item_id: str) -> None:
        """Deletes an item, which is not recommended any more until it is put again."""
        self._send(calls.delete_item(item_id))

    def get_popular_items(self, count: int = 20, category: str | None = None) -> a.PopularItems | None:
        """Items that most users met; None while there is no release of counts."""
        return self._send(calls.get_popular_items(count, category))

    def get_trending_items(self, count: int = 20, category: str | None = None) -> a.TrendingItems | None:
        """Items whose share of what users meet grew the most; None while there is no release of counts."""
        return self._send(calls.get_trending_items(count, category))

    def get_category_counts(self, count: int = 20) -> a.CategoryCounts | None:
        """How many users each category has; None while there is no release of counts."""
        return self._send(calls.get_category_counts(count))

    def get_attributes(self, user_id: str) -> a.AttributesResponse | None:
        """A user's attributes."""
        return self._send(calls.get_attributes(user_id))

    def put_attributes(self, user_id: str, attributes: Attributes) -> a.AttributesResponse:
        """Replaces all attributes of a user, whose profile is computed again."""
        return self._send(calls.put_attributes(user_id, attributes))

    def put_attributes_batch(self, users: Iterable[a.AttributesEntry]) -> a.BatchSummary:
        """Replaces the attributes of many users, in requests of up to 1,000."""
        return self._store("v1/attributes", users)

    def get_purposes(self, user_id: str) -> a.PurposesResponse:
        """What a user's data may be used for."""
        return self._send(calls.get_purposes(user_id))

    def put_purposes(self, user_id: str, purposes: a.PurposesRequest) -> a.PurposesResponse:
        """Sets what a user's data may be used for. Without profile the user's profiles are deleted."""
        return self._send(calls.put_purposes(user_id, purposes))

    def put_purposes_batch(self, users: Iterable[a.PurposesEntry]) -> a.BatchSummary:
        """Sets the purposes of many users, in requests of up to 1,000."""
        return self._store("v1/purposes", users)

    def erase_user(self, user_id: str) -> a.ErasureReceipt:
        """Asks for a user to be erased from every store.

        The service has recorded that when this returns; get_erasure tells when it is done.
        """
        return self._send(calls.erase_user(user_id))

    def erase_users(self, user_ids: Sequence[str]) -> a.ErasureReceipt:
        """As erase_user for up to 1,000 users, also for ids that no address can hold."""
        return self._send(calls.erase_users(user_ids))

    def get_erasure(self, receipt: str) -> a.ErasureReceipt | None:
        """The receipt of an erasure."""
        return self._send(calls.get_erasure(receipt))

    def export_user(self, user_id: str) -> Iterator[dict[str, Any]]:
        """All that is known of a user, line by line, each with its section; the last is the section end."""
        return self._lines(calls.export_user(user_id))

    def export_training(self, *, ids: bool = False, texts: bool = False, attributes: Sequence[str] = (),
                        erased_after: int | None = None) -> Iterator[dict[str, Any]]:
        """Events of all users whose purposes allow training, line by line; the last line is the section end."""
        return self._lines(calls.export_training(ids=ids, texts=texts, attributes=list(attributes), erasedAfter=erased_after))

    def get_status(self) -> a.ServiceStatus:
        """The service at a glance."""
        return self._send(calls.get_status())

    def get_access(self) -> a.Access:
        """What this client may do, by the key that it sends."""
        return self._send(calls.get_access())

    def get_models(self) -> a.ServiceModels:
        """The models in use."""
        return self._send(calls.get_models())

    def _store(self, path: str, entries: Iterable[Mapping[str, Any]]) -> a.BatchSummary:
        total = Stored()
        for call, count in arrays(path, entries):
            total.add(self._send(call), count)
        return total.summary

    def _send(self, call: Call[T]) -> T:
        return call.result(self._answer(call))

    def _answer(self, call: Call[Any], *, stream: bool = False) -> httpx.Response:
        attempt = 1
        while True:
            try:
                answer = self._http.send(call.request(self._http, header_of(self._key)), stream=stream)
            except httpx.TransportError:
                wait = self._retry.wait(attempt, None)
                if wait is None:
                    raise
            else:
                wait = self._retry.wait(attempt, answer)
                if wait is None:
                    return answer
                answer.close()
            time.sleep(wait)
            attempt += 1

    def _lines(self, call: Call[Any]) -> Iterator[dict[str, Any]]:
        answer = self._answer(call, stream=True)
        try:
            if not answer.is_success:
                answer.read()
            raise_refusal(answer)
            lines = Lines(answer)
            for line in answer.iter_lines():
                yield from lines.parse(line)
            lines.raise_unless_ended()
        finally:
            answer.close()
