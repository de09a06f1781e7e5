"""The formats that events come in. A new one is a function in READERS; prepare.py makes histories of what it yields.

A reader takes a Source (prepare.py) and a Report, and yields events in file order. A row that breaks the rules of
docs/semantics.md is noted in the report and left out.
"""

from pathlib import Path

from events import FIELDS, BadRow, Event, Known, event_from, kind_of, time_of, whole
from rows import Report, converted, json_rows, lines
from table import read_csv
from times import in_range, parse_any_time, whole_number

SEQUENCE_START = 946_684_800_000_000  # micros of 2000-01-01T00:00:00Z
OTTO_KINDS = {"clicks": "click", "carts": "cart", "orders": "purchase"}


def read_events(source, report: Report):
    """NDJSON of events, as POST /v1/events takes it."""
    known, names = Known(), set()

    def make(row):
        names.update(row)
        return event_from(row, known)

    yield from converted(json_rows(source.path), make, source.path, report)
    report.ignored = names.difference(FIELDS)


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
                     known.id("aid", text_of(event.get("aid"))), time_of(milliseconds, "ts", event.get("ts")))

    yield from converted(rows(), make, source.path, report)


def text_of(number_or_text):
    try:
        return str(whole_number(number_or_text))
    except ValueError:
        return number_or_text


def milliseconds(value) -> int:
    return in_range(whole_number(value) * 1_000)


def read_movielens_100k(source, report: Report):
    """The folder of MovieLens-100K: u.data, u.item, u.user, u.genre. A rating is an event, its genres are the categories."""
    folder, known, genres = source.path, Known(), {}
    names = [line.split("|")[0] for line in (folder / "u.genre").read_text("latin-1").split()]

    def table(name, separator, count, make):
        return converted(fields_of(folder / name, separator, count), make, folder / name, report)

    def film(row):
        return row[0], tuple(name for name, flag in zip(names, row[5:]) if flag == "1")

    def person(row):
        age = report.optional(whole, "age", "age", row[1])
        return row[0], ({} if age is None else {"age": age}) | {"gender": row[2], "occupation": row[3]}

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
