"""Reads events and attributes of several formats into one history a user, oldest event first.

A reader is a function from a path to (events, attributes by user); READERS is the whole list of formats.
"""

import json
import math
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)
KINDS = ["view", "click", "cart", "purchase", "rating", "review", "like", "dislike", "share", "search"]


class DataError(Exception):
    """The data cannot be used; the message names file, line and field."""


class Event(NamedTuple):
    user: str
    kind: str
    item: str
    micros: int  # since 1970, UTC
    categories: tuple = ()
    value: float | None = None
    id: str = ""  # orders events of one instant; where it is empty, file order does


def parse_time(text: str) -> int:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return (moment - EPOCH) // MICROSECOND


def json_lines(path):
    """(line number, object) of every line that is not blank."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise DataError(f"{path} line {number}: no JSON: {error}") from None
                if not isinstance(row, dict):
                    raise DataError(f"{path} line {number}: not a JSON object")
                yield number, row


def event_of(row: dict, where: str) -> Event:
    for name in ("userId", "kind", "itemId", "timestamp"):
        if not isinstance(row.get(name), str) or not row[name]:
            raise DataError(f"{where}: field {name} must be a text that is not empty")
    try:
        micros = parse_time(row["timestamp"])
    except ValueError as error:
        raise DataError(f"{where}: field timestamp is not ISO 8601 with a zone: {row['timestamp']!r} ({error})") from None
    categories = row.get("categories") or []
    if not isinstance(categories, list) or not all(isinstance(c, str) for c in categories):
        raise DataError(f"{where}: field categories must be a list of texts")
    value = row.get("value")
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value)):
        raise DataError(f"{where}: field value must be a finite number")
    return Event(row["userId"], row["kind"], row["itemId"], micros, tuple(categories), value, row.get("eventId") or "")


def read_events(path: Path):
    """NDJSON of events, as the service takes them."""
    return [event_of(row, f"{path} line {number}") for number, row in json_lines(path)], {}


def read_movielens_100k(folder: Path):
    """The folder of MovieLens-100K: u.data, u.item, u.user, u.genre. A rating is an event, its genres are the categories."""
    genres, people, events = {}, {}, []
    names = [line.split("|")[0] for line in (folder / "u.genre").read_text("latin-1").split()]
    for _, row in columns(folder / "u.item", "|", 5 + len(names)):
        genres[row[0]] = tuple(name for name, flag in zip(names, row[5:]) if flag == "1")
    for where, row in columns(folder / "u.user", "|", 5):
        people[row[0]] = {"age": whole(row[1], where, "age"), "gender": row[2], "occupation": row[3]}
    for where, row in columns(folder / "u.data", "\t", 4):
        if row[1] not in genres:
            raise DataError(f"{where}: field item {row[1]!r} is not in u.item")
        micros = whole(row[3], where, "timestamp") * 1_000_000
        events.append(Event(row[0], "rating", row[1], micros, genres[row[1]], float(whole(row[2], where, "rating"))))
    return events, people


def columns(path: Path, separator: str, count: int):
    """(where, fields) of every line."""
    with open(path, encoding="latin-1") as file:
        for number, line in enumerate(file, 1):
            where, row = f"{path} line {number}", line.rstrip("\n").split(separator)
            if len(row) != count:
                raise DataError(f"{where}: {len(row)} fields, {count} expected")
            yield where, row


def whole(text: str, where: str, field: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise DataError(f"{where}: field {field} is no whole number: {text!r}") from None


READERS = {"events": read_events, "movielens-100k": read_movielens_100k}


def read_attributes(path) -> dict:
    """{user: {name: value}} from lines of {"userId": ..., "attributes": {...}}."""
    found = {}
    for number, row in json_lines(path):
        if not isinstance(row.get("userId"), str) or not isinstance(row.get("attributes"), dict):
            raise DataError(f"{path} line {number}: fields userId (a text) and attributes (an object) are needed")
        for name, value in row["attributes"].items():
            if not isinstance(value, (str, int, float)):
                raise DataError(f"{path} line {number}: field attributes.{name} must be a text or a number")
        found[row["userId"]] = row["attributes"]
    return found


def read(data: str, attributes_path=None):
    """(histories by user, attributes by user) of a FORMAT:PATH; within a user the order is (timestamp, eventId)."""
    kind, _, path = data.partition(":")
    if kind not in READERS or not path:
        raise DataError(f"--data {data}: expected FORMAT:PATH with FORMAT one of {', '.join(READERS)}")
    events, attributes = READERS[kind](Path(path))
    if attributes_path:
        attributes = read_attributes(attributes_path)
    histories: dict = {}
    for event in events:
        histories.setdefault(event.user, []).append(event)
    for history in histories.values():
        history.sort(key=lambda e: (e.micros, e.id))  # stable, so that file order decides what is left
    if not histories:
        raise DataError(f"{path}: no events")
    return histories, attributes
