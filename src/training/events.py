"""An event, and the rules that make one: those of the service (docs/semantics.md)."""

import math
import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from times import parse_json_time, whole_number

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
KINDS = ["view", "click", "cart", "purchase", "rating", "review", "like", "dislike", "share", "search"]
SAME_KINDS = {kind: kind for kind in KINDS}
FIELDS = ("eventId", "userId", "kind", "itemId", "timestamp", "categories", "value")  # all that is read of an event
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # a half surrogate is also what broken UTF-8 is read as
MAX_LENGTH, MAX_CATEGORIES = 128, 8
RESERVED = (".", "..")  # no address can hold them


class DataError(Exception):
    """The data cannot be used; the message names file, line and field."""


class BadRow(Exception):
    """One row cannot be read; the message names the field."""


class Event(NamedTuple):
    user: str
    kind: str
    item: str
    micros: int  # since 1970, UTC
    categories: tuple = ()
    value: float | None = None
    id: str = ""  # orders events of one instant; where it is empty, file order does


def shown(value) -> str:
    """A value for a message; a long one is cut."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def need_text(name: str, value) -> None:
    if not isinstance(value, str) or not value:
        raise BadRow(f"field {name} must be a text that is not empty")


def time_of(parse, name: str, value) -> int:
    try:
        return parse(value)
    except (ValueError, TypeError):
        raise BadRow(f"field {name} is no time that can be read: {shown(value)}") from None


def finite(name: str, value):
    """A JSON number."""
    try:
        if value is None or (not isinstance(value, bool) and isinstance(value, (int, float)) and math.isfinite(value)):
            return value
    except OverflowError:  # an integer beyond what a double holds
        pass
    raise BadRow(f"field {name} must be a finite number, not {shown(value)}")


def amount(name: str, text: str) -> float | None:
    """A number written as text; None where there is none."""
    try:
        return finite(name, float(text)) if text else None
    except ValueError:
        raise BadRow(f"field {name} must be a finite number, not {shown(text)}") from None


def whole(name: str, text: str) -> int:
    """A whole number written as text; 3.0 is one, too."""
    try:
        return whole_number(float(text)) if "." in text else int(text)
    except ValueError:
        raise BadRow(f"field {name} is no whole number: {shown(text)}") from None


def check_id(name: str, text) -> str:
    """The service's rule of ids."""
    if text in RESERVED:
        raise BadRow(f"field {name} must not be {text}, for no address can hold it")
    return check_name(name, text)


def check_name(name: str, text) -> str:
    """The service's rule of kinds and categories; it counts UTF-16 units."""
    need_text(name, text)
    if FORBIDDEN.search(text):
        raise BadRow(f"field {name} holds a control character or broken Unicode: {shown(text)}")
    if len(text) > MAX_LENGTH or (not text.isascii() and len(text.encode("utf-16-le")) > 2 * MAX_LENGTH):
        raise BadRow(f"field {name} is longer than {MAX_LENGTH} characters: {shown(text)}")
    return text


def kind_of(kinds: dict, name: str, text) -> str:
    """`kinds` maps what the data says to a kind of the service."""
    try:
        return kinds[text]
    except (KeyError, TypeError):
        need_text(name, text)
        raise BadRow(f"field {name} must be one of {', '.join(kinds)}, not {shown(text)}") from None


class Known:
    """Ids and categories found good: each is checked once, and is one object in memory however often it comes."""

    def __init__(self):
        self.texts: dict = {}
        self.names: dict = {}
        self.tuples: dict = {}

    def id(self, name: str, text) -> str:
        try:
            return self.texts[text]
        except (KeyError, TypeError):  # not met before, or no text
            return self.texts.setdefault(check_id(name, text), text)

    def name(self, name: str, text) -> str:
        try:
            return self.names[text]
        except (KeyError, TypeError):
            return self.names.setdefault(check_name(name, text), text)

    def categories(self, name: str, values) -> tuple:
        if values is None:
            return ()
        if not isinstance(values, (list, tuple)):
            raise BadRow(f"field {name} must be a list of texts")
        if len(values) > MAX_CATEGORIES:
            raise BadRow(f"field {name} may hold at most {MAX_CATEGORIES} entries")
        try:
            return self.tuples[tuple(values)]
        except (KeyError, TypeError):  # not met before, or no texts
            found = tuple([self.name(name, value) for value in values])
            return self.tuples.setdefault(found, found)


def event_from(row: dict, known: Known) -> Event:
    event_id = row.get("eventId")
    return Event(known.id("userId", row.get("userId")),
                 kind_of(SAME_KINDS, "kind", row.get("kind")),
                 known.id("itemId", row.get("itemId")),
                 time_of(parse_json_time, "timestamp", row.get("timestamp")),
                 known.categories("categories", row.get("categories")),
                 finite("value", row.get("value")),
                 "" if event_id is None else check_id("eventId", event_id))


def event_of(row: dict, where: str) -> Event:
    """The event of one object; `where` stands before what is wrong with it."""
    try:
        return event_from(row, Known())
    except BadRow as error:
        raise DataError(f"{where}: {error}") from None


def row_of(event: Event) -> dict:
    """The event as POST /v1/events takes it."""
    moment = EPOCH + timedelta(microseconds=event.micros)
    row = {"eventId": event.id} if event.id else {}
    row |= {"userId": event.user, "kind": event.kind, "itemId": event.item,
            "timestamp": moment.isoformat().replace("+00:00", "Z")}
    if event.categories:
        row["categories"] = list(event.categories)
    if event.value is not None:
        row["value"] = event.value
    return row
