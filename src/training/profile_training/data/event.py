"""An event, read from JSON and written as JSON."""

from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from profile_training.data.fields import CheckedTexts, check_id, finite, kind_of, time_of
from profile_training.data.times import parse_json_time
from profile_training.errors import BadRow, DataError

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
RATING_KINDS = ("rating", "review")  # whose value is a rating
KINDS = ["view", "click", "cart", "purchase", "rating", "review", "like", "dislike", "share", "search"]
SAME_KINDS = {kind: kind for kind in KINDS}
FIELDS = ("eventId", "userId", "kind", "itemId", "timestamp", "categories", "value")  # all that is read of an event


class Event(NamedTuple):
    user: str
    kind: str
    item: str
    micros: int  # since 1970, UTC
    categories: tuple = ()
    value: float | None = None
    id: str = ""  # orders events of the same time; events without an id keep file order


def event_from(row: dict, texts: CheckedTexts) -> Event:
    event_id = row.get("eventId")
    return Event(texts.id("userId", row.get("userId")),
                 kind_of(SAME_KINDS, "kind", row.get("kind")),
                 texts.id("itemId", row.get("itemId")),
                 time_of(parse_json_time, "timestamp", row.get("timestamp")),
                 texts.categories("categories", row.get("categories")),
                 finite("value", row.get("value")),
                 "" if event_id is None else check_id("eventId", event_id))


def event_of(row: dict, where: str) -> Event:
    """The event of one JSON object; an error message starts with `where`."""
    try:
        return event_from(row, CheckedTexts())
    except BadRow as error:
        raise DataError(f"{where}: {error}") from None


def json_of(event: Event) -> dict:
    """The event as POST /v1/events takes it."""
    row = {"eventId": event.id} if event.id else {}
    row |= {"userId": event.user, "kind": event.kind, "itemId": event.item, "timestamp": text_of_micros(event.micros)}
    if event.categories:
        row["categories"] = list(event.categories)
    if event.value is not None:
        row["value"] = event.value
    return row


def text_of_micros(micros: int) -> str:
    return (EPOCH + timedelta(microseconds=micros)).isoformat().replace("+00:00", "Z")
