"""The client for programs with asyncio."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
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
AsyncToken = Token | Callable[[], Awaitable[str]]


class AsyncProfileService:
    """A ProfileService. As ProfileService, with coroutines; one for the life of an event loop is enough.

    An unknown user or item is None; a refused request raises ProfileServiceError; a service that cannot be reached httpx.TransportError.
    """

    def __init__(self, url: str, key: AsyncToken | None = None, *, retry: Retry | None = None, timeout: float = 40.,
                 transport: httpx.AsyncBaseTransport | None = None) -> None:
        """url: such as "http://localhost:8080". key: an API key, or a function that returns an access token, asked before each attempt;
        it may be a coroutine function.

        timeout: seconds that connecting, sending and each part of an answer may take. transport: how httpx sends; None for its own way.
        """
        self._http = new_client(httpx.AsyncClient, url, timeout, transport)
        self._key = key
        self._retry = retry or Retry()

    async def __aenter__(self) -> AsyncProfileService:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def send_events(self, events: Iterable[Mapping[str, Any]]) -> a.IngestSummary:
        """Sends any number of events, in requests of up to 1,000; they are stored when this returns.

        A rejected event does not affect the others.
        """
        total = Ingested()
        for call, count in arrays("v1/events", events):
            total.add(await self._send(call), count)
        return total.summary

    async def create_token(self, user_id: str, expires_in_seconds: int | None = None) -> a.PageToken:
        """A token by which a page sends events of this user, and can do nothing else. expires_in_seconds: 60 to 86,400."""
        return await self._send(calls.create_token(user_id, expires_in_seconds))

    async def get_profile(self, user_id: str, *, fresh: bool = False, include: Sequence[str] | None = None) -> a.UserProfile | None:
        """A user's profile. fresh: wait until the newest events are in it.

        include: the parts, of vector, dimensions and explanation; the first two if None.
        """
        return await self._send(calls.get_profile(user_id, fresh, include))

    async def get_profile_if_changed(
            self, user_id: str, etag: str | None, *, fresh: bool = False, include: Sequence[str] | None = None) -> ProfileUpdate:
        """A user's profile, unless the caller's copy with this etag still holds. etag: of the last update; None at first."""
        return await self._send(calls.get_profile_if_changed(user_id, etag, fresh, include))

    async def get_vector(self, user_id: str, *, fresh: bool = False) -> Floats | None:
        """A user's vector, sent as bytes."""
        return await self._send(calls.get_vector(user_id, fresh))

    async def lookup_profiles(self, user_ids: Sequence[str]) -> a.ProfileLookup:
        """The profiles of up to 1,000 users."""
        return await self._send(calls.lookup_profiles(user_ids))

    async def lookup_vectors(self, user_ids: Sequence[str]) -> VectorMatrix:
        """The vectors of up to 1,000 users, sent as bytes: the fast way to many."""
        return await self._send(calls.lookup_vectors(user_ids))

    async def compute_profile(self, events: Sequence[Mapping[str, Any]], attributes: Attributes | None = None,
                              recommend: Mapping[str, Any] | None = None) -> a.SessionProfile:
        """The profile that a user with these events and attributes would have. Nothing is stored.

        recommend: what recommend() takes; None for no items.
        """
        return await self._send(calls.compute_profile(events, attributes, recommend))

    async def find_users(self, prefix: str | None = None, count: int = 20, after: str | None = None) -> a.FoundUsers:
        """Users with a profile, by the start of their id, in the order of ids. after: the last id of the page before."""
        return await self._send(calls.find_users(prefix, count, after))

    async def merge_user(self, user_id: str, from_id: str) -> a.MergeResponse:
        """Makes two ids those of one person, who is known by user_id from then on, also for later events of from_id."""
        return await self._send(calls.merge_user(user_id, from_id))

    async def follow_profiles(self, after: str | None = None, *, wait: int = 0, limit: int = 1_000, vectors: bool = True) -> ProfileChanges:
        """Profiles that changed. after: the cursor of the answer before, or of an export; None for the beginning.

        wait: seconds, up to 30, to wait for the first change. limit: profiles at most, up to 1,000. Go on with the cursor of the answer.
        The client's timeout must be longer than the wait.
        """
        return await self._send(calls.follow_profiles(after, wait, limit, vectors))

    async def export_profiles(self, after: str | None = None, page_size: int = 10_000) -> AsyncIterator[ExportedProfiles]:
        """All profiles of the active model, page by page. after: the user id to go on after; None for the beginning."""
        while True:
            page = await self._send(calls.export_profiles(after, page_size))
            yield page
            if page.next is None:
                return
            after = page.next

    async def get_window(self, user_id: str) -> a.UserWindow | None:
        """The events behind a user's profile."""
        return await self._send(calls.get_window(user_id))

    async def get_explanation(self, user_id: str) -> a.Explanation | None:
        """What a user's profile comes from. The service runs the model for this answer."""
        return await self._send(calls.get_explanation(user_id))

    async def get_predictions(self, user_id: str) -> a.Predictions | None:
        """Kinds and categories of a user's next event."""
        return await self._send(calls.get_predictions(user_id))

    async def get_similar_users(self, user_id: str, count: int = 20) -> a.SimilarResponse | None:
        """Users with a similar profile."""
        return await self._send(calls.get_similar_users(user_id, count))

    async def get_item_users(self, item_id: str, count: int = 20) -> a.UsersOfItem | None:
        """The users whom an item fits best."""
        return await self._send(calls.get_item_users(item_id, count))

    async def get_category_users(self, category: str, count: int = 20) -> a.UsersOfCategory | None:
        """The users whom a category fits best."""
        return await self._send(calls.get_category_users(category, count))

    async def recommend(self, user_id: str, *, include: str | None = None, **request: Any) -> a.Recommendations | None:
        """Items for a user. request: fields of RecommendationRequest, such as count=5, filter={"categories": ["yoga"]}.

        include: "reason" adds to each item which item of the user's window is most like it; that requires the scope raw:read, too.
        """
        return await self._send(calls.recommend(user_id, request, include))

    async def recommend_pages(self, user_id: str, *, include: str | None = None, **request: Any) -> AsyncIterator[a.Recommendations]:
        """Items for a user, page by page, until the list ends; nothing for an unknown user. request: as of recommend; count is a page's."""
        while page := await self.recommend(user_id, include=include, **request):
            yield page
            if "after" not in page:
                return
            request["after"] = page["after"]

    async def rank_items(self, user_id: str, item_ids: Sequence[str]) -> a.RankedItems | None:
        """Up to 1,000 items of the caller, by how well they fit a user."""
        return await self._send(calls.rank_items(user_id, item_ids))

    async def rank_items_of_users(self, user_ids: Sequence[str], item_ids: Sequence[str]) -> a.BatchRanking:
        """Items of the caller, by how well they fit each of many users: up to 100,000 pairs."""
        return await self._send(calls.rank_items_of_users(user_ids, item_ids))

    async def score_items_of_users(self, user_ids: Sequence[str], item_ids: Sequence[str]) -> ScoreMatrix:
        """The scores of rank_items_of_users as a matrix, [users, items] in the order asked.

        NaN: a user without a profile, an unknown or unavailable item, and where unavailable is above 0 a user who cannot be scored now.
        """
        return await self._send(calls.score_items_of_users(user_ids, item_ids))

    async def get_similar_items(
            self, item_id: str, count: int = 20, categories: Sequence[str] | None = None,
            by: Literal["vectors", "neighbours"] | None = None) -> a.SimilarItems | None:
        """Items that are like an item. categories: keeps only items of these. by neighbours: those that users met with it."""
        return await self._send(calls.get_similar_items(item_id, count, categories, by))

    async def get_item(self, item_id: str) -> a.CatalogueItem | None:
        """What is known of an item."""
        return await self._send(calls.get_item(item_id))

    async def find_items(self, query: str | None = None, after: str | None = None, count: int = 100) -> a.ItemPage:
        """Items by a part of their title or the start of their id, in the order of ids. after: the next of the page before."""
        return await self._send(calls.find_items(query, after, count))

    async def put_item(self, item_id: str, item: Mapping[str, Any]) -> a.CatalogueItem:
        """Replaces what is known of an item. item: fields of ItemBody, such as categories, price, title."""
        return await self._send(calls.put_item(item_id, item))

    async def patch_item(self, item_id: str, changes: Mapping[str, Any]) -> a.CatalogueItem | None:
        """Changes some of what is known of an item, and None removes a field. changes: fields of ItemPatch, such as price, labels."""
        return await self._send(calls.patch_item(item_id, changes))

    async def put_items(self, items: Iterable[Mapping[str, Any]]) -> a.BatchSummary:
        """Replaces what is known of many items, in requests of up to 1,000. items: each with its itemId."""
        return await self._store("v1/items", items)

    async def delete_item(self, item_id: str) -> None:
        """Deletes an item, which is not recommended any more until it is put again."""
        await self._send(calls.delete_item(item_id))

    async def get_popular_items(self, count: int = 20, category: str | None = None) -> a.PopularItems | None:
        """Items that most users met; None while there is no release of counts."""
        return await self._send(calls.get_popular_items(count, category))

    async def get_trending_items(self, count: int = 20, category: str | None = None) -> a.TrendingItems | None:
        """Items whose share of what users meet grew the most; None while there is no release of counts."""
        return await self._send(calls.get_trending_items(count, category))

    async def get_category_counts(self, count: int = 20) -> a.CategoryCounts | None:
        """How many users each category has; None while there is no release of counts."""
        return await self._send(calls.get_category_counts(count))

    async def get_attributes(self, user_id: str) -> a.AttributesResponse | None:
        """A user's attributes."""
        return await self._send(calls.get_attributes(user_id))

    async def put_attributes(self, user_id: str, attributes: Attributes) -> a.AttributesResponse:
        """Replaces all attributes of a user, whose profile is computed again."""
        return await self._send(calls.put_attributes(user_id, attributes))

    async def put_attributes_batch(self, users: Iterable[a.AttributesEntry]) -> a.BatchSummary:
        """Replaces the attributes of many users, in requests of up to 1,000."""
        return await self._store("v1/attributes", users)

    async def get_purposes(self, user_id: str) -> a.PurposesResponse:
        """What a user's data may be used for."""
        return await self._send(calls.get_purposes(user_id))

    async def put_purposes(self, user_id: str, purposes: a.PurposesRequest) -> a.PurposesResponse:
        """Sets what a user's data may be used for. Without profile the user's profiles are deleted."""
        return await self._send(calls.put_purposes(user_id, purposes))

    async def put_purposes_batch(self, users: Iterable[a.PurposesEntry]) -> a.BatchSummary:
        """Sets the purposes of many users, in requests of up to 1,000."""
        return await self._store("v1/purposes", users)

    async def erase_user(self, user_id: str) -> a.ErasureReceipt:
        """Asks for a user to be erased from every store.

        The service has recorded that when this returns; get_erasure tells when it is done.
        """
        return await self._send(calls.erase_user(user_id))

    async def erase_users(self, user_ids: Sequence[str]) -> a.ErasureReceipt:
        """As erase_user for up to 1,000 users, also for ids that no address can hold."""
        return await self._send(calls.erase_users(user_ids))

    async def get_erasure(self, receipt: str) -> a.ErasureReceipt | None:
        """The receipt of an erasure."""
        return await self._send(calls.get_erasure(receipt))

    def export_user(self, user_id: str) -> AsyncIterator[dict[str, Any]]:
        """All that is known of a user, line by line, each with its section; the last is the section end."""
        return self._lines(calls.export_user(user_id))

    def export_training(self, *, ids: bool = False, texts: bool = False, attributes: Sequence[str] = (),
                        erased_after: int | None = None) -> AsyncIterator[dict[str, Any]]:
        """Events of all users whose purposes allow training, line by line; the last line is the section end."""
        return self._lines(calls.export_training(ids=ids, texts=texts, attributes=list(attributes), erasedAfter=erased_after))

    async def get_status(self) -> a.ServiceStatus:
        """The service at a glance."""
        return await self._send(calls.get_status())

    async def get_access(self) -> a.Access:
        """What this client may do, by the key that it sends."""
        return await self._send(calls.get_access())

    async def get_models(self) -> a.ServiceModels:
        """The models in use."""
        return await self._send(calls.get_models())

    async def _store(self, path: str, entries: Iterable[Mapping[str, Any]]) -> a.BatchSummary:
        total = Stored()
        for call, count in arrays(path, entries):
            total.add(await self._send(call), count)
        return total.summary

    async def _send(self, call: Call[T]) -> T:
        return call.result(await self._answer(call))

    async def _answer(self, call: Call[Any], *, stream: bool = False) -> httpx.Response:
        attempt = 1
        while True:
            try:
                answer = await self._http.send(call.request(self._http, await self._credentials()), stream=stream)
            except httpx.TransportError:
                wait = self._retry.wait(attempt, None)
                if wait is None:
                    raise
            else:
                wait = self._retry.wait(attempt, answer)
                if wait is None:
                    return answer
                await answer.aclose()
            await asyncio.sleep(wait)
            attempt += 1

    async def _lines(self, call: Call[Any]) -> AsyncIterator[dict[str, Any]]:
        answer = await self._answer(call, stream=True)
        try:
            if not answer.is_success:
                await answer.aread()
            raise_refusal(answer)
            lines = Lines(answer)
            async for line in answer.aiter_lines():
                for entry in lines.parse(line):
                    yield entry
            lines.raise_unless_ended()
        finally:
            await answer.aclose()

    async def _credentials(self) -> dict[str, str]:
        key = self._key() if callable(self._key) else self._key
        return header_of(key if key is None or isinstance(key, str) else await key)
