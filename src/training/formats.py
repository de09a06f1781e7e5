"""The formats that events come in. A new one is a function in READERS; prepare.py makes histories of what it yields.

A reader takes a Source (prepare.py) and a Report, and yields events in file order, one row at a time, so that a file of any
size is read in bounded memory. A row that breaks the rules of docs/semantics.md is noted in the report and left out.
"""

import csv
import gzip
import json
import math
import re
import sys
import zlib
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
LOCAL_EPOCH = EPOCH.replace(tzinfo=None)
MICROSECOND = timedelta(microseconds=1)
EARLIEST, LATEST = -62_135_596_800_000_000, 253_402_300_799_999_999  # micros of the years 1 to 9999
SEQUENCE_START = 946_684_800_000_000                                 # micros of 2000-01-01T00:00:00Z
KINDS = ["view", "click", "cart", "purchase", "rating", "review", "like", "dislike", "share", "search"]
OTTO_KINDS = {"clicks": "click", "carts": "cart", "orders": "purchase"}
FIELDS = ("eventId", "userId", "kind", "itemId", "timestamp", "categories", "value")  # all that is read of an event
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # a half surrogate is also what broken UTF-8 is read as
MAX_LENGTH, MAX_CATEGORIES = 128, 8


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


class Report:
    """What became of the rows, and what a format says beside its events."""

    def __init__(self):
        self.rows = self.unreadable = 0
        self.first: list = []      # the first bad rows, five at most
        self.ignored: set = set()  # names of columns and fields that nothing reads
        self.people: dict = {}     # {user: {name: value}}

    def refuse(self, where: str, error: BadRow) -> None:
        self.unreadable += 1
        if len(self.first) < 5:
            self.first.append(f"{where}: {error}")

    def progress(self, path: Path) -> None:
        print(f"{path}: {self.rows:,} rows read, {self.unreadable:,} of them unreadable", *self.first[:1],
              file=sys.stderr, flush=True)


def converted(rows, make, path: Path, report: Report):
    """make(row) of every (line number, row), the bad ones left out; a BadRow may also stand in a row's place."""
    for number, row in rows:
        report.rows += 1
        if report.rows % 1_000_000 == 0:
            report.progress(path)
        try:
            made = row if isinstance(row, BadRow) else make(row)
        except BadRow as error:
            made = error
        if isinstance(made, BadRow):
            report.refuse(f"{path} line {number}", made)
        else:
            yield made


# Files

@contextmanager
def opened(path: Path, encoding: str = "utf-8-sig", newline: str = "\n"):
    """The text of a file, unpacked where its name ends with .gz; broken UTF-8 is left for FORBIDDEN to find."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding=encoding, errors="surrogateescape", newline=newline) as file:
        try:
            yield file
        except (EOFError, zlib.error) as error:
            raise DataError(f"{path}: the packed file is damaged: {error}") from None


def lines(path, encoding: str = "utf-8-sig"):
    """(line number, text) of every line that is not blank."""
    with opened(Path(path), encoding) as file:
        for number, line in enumerate(file, 1):
            if not line.isspace():
                yield number, line


def json_rows(path):
    """(line number, object) of every line that is not blank."""
    for number, line in lines(path):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            row = BadRow(f"no JSON: {error}")
        yield number, row if isinstance(row, (dict, BadRow)) else BadRow("not a JSON object")


def json_lines(path):
    """As json_rows, of a file in which every line must be right."""
    for number, row in json_rows(path):
        if isinstance(row, BadRow):
            raise DataError(f"{path} line {number}: {row}")
        yield number, row


# Values

def shown(value) -> str:
    """A value for a message; a long one is cut."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def parse_time(text: str) -> int:
    """Micros of ISO 8601; UTC where it names no offset."""
    moment = datetime.fromisoformat(text)
    micros = (moment - (EPOCH if moment.tzinfo else LOCAL_EPOCH)) // MICROSECOND
    if not EARLIEST <= micros <= LATEST:
        raise ValueError("beyond the years 1 to 9999")
    return micros


def parse_any_time(text: str) -> int:
    """As parse_time; also "2019-10-01 00:00:00 UTC", and Unix time whose size tells seconds, milliseconds, microseconds."""
    if not text.isdecimal():
        return parse_time(text.removesuffix(" UTC"))
    number = int(text)
    micros = number * (1 if number > 1e14 else 1_000 if number > 1e11 else 1_000_000)
    if micros > LATEST:
        raise ValueError("beyond the year 9999")
    return micros


def need_text(name: str, value) -> None:
    if not isinstance(value, str) or not value:
        raise BadRow(f"field {name} must be a text that is not empty")


def time_of(parse, name: str, value) -> int:
    try:
        return parse(value)
    except (ValueError, TypeError):
        need_text(name, value)
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
    try:
        return int(text)
    except ValueError:
        raise BadRow(f"field {name} is no whole number: {shown(text)}") from None


def check_id(name: str, text) -> str:
    """The service's rule of ids, kinds and categories; it counts UTF-16 units."""
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
        self.tuples: dict = {}

    def id(self, name: str, text) -> str:
        try:
            return self.texts[text]
        except (KeyError, TypeError):  # not met before, or no text
            return self.texts.setdefault(check_id(name, text), text)

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
            found = tuple([self.id(name, value) for value in values])
            return self.tuples.setdefault(found, found)


# Events as the service takes them

SAME_KINDS = {kind: kind for kind in KINDS}


def event_from(row: dict, known: Known) -> Event:
    event_id = row.get("eventId")
    return Event(known.id("userId", row.get("userId")),
                 kind_of(SAME_KINDS, "kind", row.get("kind")),
                 known.id("itemId", row.get("itemId")),
                 time_of(parse_time, "timestamp", row.get("timestamp")),
                 known.categories("categories", row.get("categories")),
                 finite("value", row.get("value")),
                 "" if event_id is None else check_id("eventId", event_id))


def event_of(row: dict, where: str) -> Event:
    """The event of one object; `where` stands before what is wrong with it."""
    try:
        return event_from(row, Known())
    except BadRow as error:
        raise DataError(f"{where}: {error}") from None


def read_events(source, report: Report):
    """NDJSON of events, as POST /v1/events takes it."""
    known, names = Known(), set()

    def make(row):
        names.update(row)
        return event_from(row, known)

    yield from converted(json_rows(source.path), make, source.path, report)
    report.ignored = names.difference(FIELDS)


# Tables with a header

def read_csv(source, report: Report):
    """A table with a header; the source's `columns` says which of its columns is which field of an event."""
    with opened(source.path, newline="") as file:
        header, separator = header_of(file.readline(), source.path)
        missing = [column for column in source.columns.values() if column not in header]
        if missing:
            raise DataError(f"{source.path}: --columns names {', '.join(missing)}; the columns are {', '.join(header)}")
        report.ignored = set(header).difference(source.columns.values())
        yield from converted(csv_rows(file, separator, len(header)), csv_event(source, header), source.path, report)


def header_of(line: str, path: Path):
    """(column names, separator): of comma, tab and semicolon the one that makes most columns."""
    if not line.strip():
        raise DataError(f"{path}: the first line must be a header; it is empty")
    try:
        rows = {separator: next(csv.reader([line], delimiter=separator)) for separator in ",\t;"}
    except csv.Error as error:
        raise DataError(f"{path}: the first line is no header: {error}") from None
    separator = max(rows, key=lambda s: len(rows[s]))
    return rows[separator], separator


def csv_rows(file, separator: str, width: int):
    """(line number, fields) of every record after the header.

    A quote that is never closed swallows the lines after it: a broken record is a bad row for each line that it spans.
    """
    reader = csv.reader(file, delimiter=separator, strict=True)
    while True:
        start = reader.line_num + 2  # lines count from 1, and the header is read already
        try:
            fields = next(reader, None)
            if fields is None:
                return
            bad = BadRow(f"{len(fields)} fields, {width} expected") if fields and len(fields) != width else None
        except csv.Error as error:
            bad = BadRow(f"broken quoting: {error}")
        if bad:
            yield from ((line, bad) for line in range(start, reader.line_num + 2))
        elif fields:
            yield start, fields


def csv_event(source, header: list):
    """The function that turns the fields of a record into an event; a field without a column is read as an empty cell."""
    columns, known, kinds = source.columns, Known(), SAME_KINDS | source.kinds
    names = {field: f"{field} (column {columns.get(field)})" for field in FIELDS}
    an_id, user, kind, item, time, category, value = (
        header.index(columns[field]) if field in columns else len(header) for field in FIELDS)

    def make(fields: list) -> Event:
        cells = [*fields, ""]
        return Event(known.id(names["userId"], cells[user]),
                     kind_of(kinds, names["kind"], cells[kind]) if "kind" in columns else source.kind,
                     known.id(names["itemId"], cells[item]),
                     time_of(parse_any_time, names["timestamp"], cells[time]),
                     known.categories(names["categories"], (cells[category],) if cells[category] else None),
                     amount(names["value"], cells[value]),
                     check_id(names["eventId"], cells[an_id]) if cells[an_id] else "")
    return make


# Other people's formats

def read_sequences(source, report: Report):
    """A line a user: the user, then items in time order. Nothing says when: a user's events are a second apart."""
    known, lengths = Known(), {}

    def rows():
        for line_number, line in lines(source.path):
            user, *items = line.split()
            start = lengths.get(user, 0)  # a user with a second line goes on where the first one ended
            lengths[user] = start + len(items)
            for n, item in enumerate(items, start):
                yield line_number, (user, item, n)
            if not items:
                yield line_number, BadRow("a user and no items")

    def make(row):
        user, item, n = row
        return Event(known.id("userId", user), source.kind, known.id("itemId", item), SEQUENCE_START + n * 1_000_000)

    yield from converted(rows(), make, source.path, report)


def read_otto(source, report: Report):
    """OTTO's sessions, a JSON object a line: {"session": 0, "events": [{"aid": 1, "ts": milliseconds, "type": "clicks"}]}."""
    known = Known()

    def rows():
        for line_number, row in json_rows(source.path):
            events = None if isinstance(row, BadRow) else row.get("events")
            if isinstance(events, list):
                yield from ((line_number, (row.get("session"), event)) for event in events)
            else:
                yield line_number, row if isinstance(row, BadRow) else BadRow("field events must be a list")

    def make(row):
        session, event = row
        if not isinstance(event, dict):
            raise BadRow("field events must hold objects")
        return Event(known.id("session", text_of(session)), kind_of(OTTO_KINDS, "type", event.get("type")),
                     known.id("aid", text_of(event.get("aid"))), milliseconds("ts", event.get("ts")))

    yield from converted(rows(), make, source.path, report)


def text_of(number_or_text):
    return str(number_or_text) if type(number_or_text) is int else number_or_text


def milliseconds(name: str, value) -> int:
    if type(value) is not int or not EARLIEST <= value * 1_000 <= LATEST:
        raise BadRow(f"field {name} must be a time in milliseconds, not {shown(value)}")
    return value * 1_000


def read_movielens_100k(source, report: Report):
    """The folder of MovieLens-100K: u.data, u.item, u.user, u.genre. A rating is an event, its genres are the categories."""
    folder, known, genres = source.path, Known(), {}
    names = [line.split("|")[0] for line in (folder / "u.genre").read_text("latin-1").split()]

    def table(name, separator, count, make):
        return converted(fields_of(folder / name, separator, count), make, folder / name, report)

    def film(row):
        return row[0], tuple(name for name, flag in zip(names, row[5:]) if flag == "1")

    def person(row):
        return row[0], {"age": whole("age", row[1]), "gender": row[2], "occupation": row[3]}

    def rating(row):
        if row[1] not in genres:
            raise BadRow(f"field item {row[1]!r} is not in u.item")
        micros = time_of(parse_any_time, "timestamp", row[3])
        return Event(known.id("user", row[0]), "rating", known.id("item", row[1]), micros,
                     known.categories("genres", genres[row[1]]), float(whole("rating", row[2])))

    genres.update(table("u.item", "|", 5 + len(names), film))
    report.people.update(table("u.user", "|", 5, person))
    yield from table("u.data", "\t", 4, rating)


def fields_of(path: Path, separator: str, count: int):
    """(line number, fields) of every line of a table without header or quoting."""
    for line_number, line in lines(path, "latin-1"):
        row = line.rstrip("\r\n").split(separator)
        yield line_number, row if len(row) == count else BadRow(f"{len(row)} fields, {count} expected")


READERS = {"events": read_events, "csv": read_csv, "sequences": read_sequences, "movielens-100k": read_movielens_100k,
           "otto": read_otto}
