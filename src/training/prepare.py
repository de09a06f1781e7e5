"""Turns files of events, in any of several formats, into one history a user; as a command, into NDJSON for POST /v1/events.

    python3 src/training/prepare.py --data csv:shop.csv.gz \\
        --columns userId=user_id,itemId=product_id,kind=event_type,timestamp=event_time,value=price \\
        --kinds 1=view,4=purchase --out events.ndjson
    python3 src/training/prepare.py --data movielens-100k:DIR --out events.ndjson --attributes-out users.ndjson

The last line printed says in JSON what was read and written. Without --out the data is only checked. --until, --users and --first
write a part, for trials. The formats:

    events          NDJSON of events, as the service takes them
    csv             a table with a header, separated by comma, tab or semicolon; --columns says what is where
    sequences       a line a user: the user, then items in time order
    movielens-100k  the folder of MovieLens-100K
    otto            OTTO's sessions, JSON lines

A file whose name ends with .gz is unpacked on the way. Times are what the service takes (docs/semantics.md); in csv also Unix
time in seconds, milliseconds or microseconds.
"""

import argparse
import gc
import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from encode import hash64
from events import FIELDS, KINDS, DataError, row_of
from formats import READERS
from rows import Report, json_lines
from times import parse_time

NEEDED = ("userId", "itemId", "timestamp")  # what a table must have; for the kind there is --kind


@dataclass(frozen=True)
class Source:
    """What is read, and how. Everything is checked here, so that a wrong argument ends a script before it reads a file."""
    format: str
    path: Path
    attributes: Path | None = None                # users' attributes, instead of those that the format brings
    columns: dict = field(default_factory=dict)   # csv: {field of an event: column}
    kinds: dict = field(default_factory=dict)     # csv: {kind in the file: kind of the service}
    kind: str = "view"                            # csv and sequences: the kind where the file has none

    @classmethod
    def of(cls, data: str, attributes=None, columns: str = "", kinds: str = "", kind: str = "view") -> "Source":
        """Of the texts that the arguments take, `data` as FORMAT:PATH."""
        name, _, path = data.partition(":")
        if name not in READERS or not path:
            raise DataError(f"--data {data}: expected FORMAT:PATH with FORMAT one of {', '.join(READERS)}")
        return cls(name, Path(path), Path(attributes) if attributes else None,
                   pairs("--columns", columns), pairs("--kinds", kinds), kind)

    @classmethod
    def parse(cls, args) -> "Source":
        """Of the arguments that add_arguments added."""
        return cls.of(args.data, args.attributes, args.columns, args.kinds, args.kind)

    def __post_init__(self):
        for option, given, allowed in (("--columns", self.columns, FIELDS), ("--kinds", self.kinds.values(), KINDS),
                                       ("--kind", [self.kind], KINDS)):
            for name in given:
                if name not in allowed:
                    raise DataError(f"{option}: {name} is none of {', '.join(allowed)}")
        if self.format == "csv" and not all(name in self.columns for name in NEEDED):
            raise DataError(f"--columns is needed with csv and must name {', '.join(NEEDED)}: --columns userId=user_id,...")
        if self.format != "csv" and self.columns:
            raise DataError("--columns is for csv")
        if self.kinds and "kind" not in self.columns:
            raise DataError("--kinds is for csv with a kind in --columns")
        if self.kind != "view" and (self.format not in ("csv", "sequences") or "kind" in self.columns):
            raise DataError("--kind is for sequences, and for csv without a kind in --columns")


class Prepared(NamedTuple):
    histories: dict  # {user: [Event, ...]}, oldest first
    people: dict     # {user: {name: value}}
    counts: dict     # what was read, as the command prints it


def pairs(option: str, text: str) -> dict:
    """{"a": "1", "b": "2"} of "a=1,b=2"."""
    found: dict = {}
    for pair in text.split(",") if text else []:
        left, equals, right = pair.partition("=")
        if not left or not right or left in found:
            raise DataError(f"{option} {text}: expected NAME=VALUE,NAME=VALUE with every NAME once, not {pair!r}")
        found[left] = right
    return found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", required=True, metavar="FORMAT:PATH", help=f"FORMAT is one of {', '.join(READERS)}")
    parser.add_argument("--attributes", type=Path, metavar="FILE", help="users' attributes, one JSON object a line")
    parser.add_argument("--columns", default="", metavar="FIELD=COLUMN,...",
                        help=f"csv: which column is which of {', '.join(FIELDS)}")
    parser.add_argument("--kinds", default="", metavar="THEIRS=OURS,...",
                        help=f"csv: the file's names of {', '.join(KINDS)}")
    parser.add_argument("--kind", default="view", help="csv and sequences: the kind where the file has none (%(default)s)")


def read_attributes(path) -> dict:
    """{user: {name: value}} from lines of {"userId": ..., "attributes": {...}}."""
    found = {}
    for number, row in json_lines(path):
        if not isinstance(row.get("userId"), str) or not isinstance(row.get("attributes"), dict):
            raise DataError(f"{path} line {number}: fields userId (a text) and attributes (an object) are needed")
        for name, value in row["attributes"].items():
            if isinstance(value, bool) or not isinstance(value, (str, int, float)):
                raise DataError(f"{path} line {number}: field attributes.{name} must be a text or a number")
        found[row["userId"]] = row["attributes"]
    return found


@contextmanager
def no_search_for_cycles():
    """Millions of small objects and not one cycle: going through them again and again took a tenth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@no_search_for_cycles()
def read(source: Source) -> Prepared:
    """A few bad rows are named on stderr and left out; more than 1 in 100, or no event at all, is a DataError."""
    report, histories = Report(), {}
    people = read_attributes(source.attributes) if source.attributes else report.people
    for event in READERS[source.format](source, report):
        histories.setdefault(event.user, []).append(event)
    check(source.path, report)
    if not histories:
        raise DataError(f"{source.path}: no events")
    read_count = sum(map(len, histories.values()))
    for user, history in histories.items():
        histories[user] = in_order(without_duplicates(history))
    return Prepared(histories, people, counts_of(histories, read_count, report))


def check(path: Path, report: Report) -> None:
    bad = f"{path}: {report.unreadable:,} of {report.rows:,} rows cannot be read"
    if report.unreadable * 100 > report.rows:
        raise DataError("\n  ".join([f"{bad}, and at most 1 in 100 may be so:", *report.first])
                        + "\nCorrect or remove such rows, or the arguments that say how to read them.")
    for problem in report.first + report.first_left_out:
        print(problem, file=sys.stderr)
    if report.unreadable:
        print(f"{bad} and are left out", file=sys.stderr)
    for name, count in report.left_out.items():
        print(f"{path}: {count:,} of {report.rows:,} rows are read without their {name}", file=sys.stderr)


def without_duplicates(history: list) -> list:
    """The same event is the same eventId, or without one the same kind, item and time; the first in the file stays."""
    first: dict = {}
    for event in history:
        first.setdefault(event.id or (event.kind, event.item, event.micros), event)
    return list(first.values())


def in_order(history: list) -> list:
    history.sort(key=attrgetter("micros", "id"))  # stable, so that file order decides what is left
    return history


def counts_of(histories: dict, read_count: int, report: Report) -> dict:
    lengths = [len(history) for history in histories.values()]
    return {"events": sum(lengths), "users": len(histories),
            "items": len({event.item for history in histories.values() for event in history}),
            "duplicates": read_count - sum(lengths), "unreadable": report.unreadable,
            "usersWithOneEvent": lengths.count(1), "fieldsLeftOut": report.left_out,
            "ignoredColumns": sorted(report.ignored)}


def part_of(histories: dict, until: int | None, users: tuple, first: tuple) -> dict:
    """What a trial needs: the events before `until` (micros) of the users whose hash lies in `users` (percent), and of these the
    `first` ones, from so many to so many a user."""
    kept = {}
    for user, history in histories.items():
        chance = hash64(user)
        if users[0] <= chance % 100 < users[1]:
            events = [event for event in history if until is None or event.micros < until]
            count = first[0] + chance // 100 % (first[1] - first[0] + 1) if first else len(events)
            if events[:count]:
                kept[user] = events[:count]
    return kept


def range_of(text: str) -> tuple:
    low, dash, high = text.partition("-")
    if not dash or not low.isdecimal() or not high.isdecimal() or int(low) > int(high):
        raise argparse.ArgumentTypeError(f"{text} is no range like 5-10")
    return int(low), int(high)


def write_lines(path: Path, rows) -> None:
    """JSON lines; half a surrogate, which an attribute may hold, is written as the escape that JSON has for it."""
    with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="events, one JSON object a line, by user and time")
    parser.add_argument("--attributes-out", type=Path, metavar="FILE", help="users' attributes, one JSON object a line")
    parser.add_argument("--until", type=parse_time, metavar="TIME", help="only what was known at this time (ISO 8601)")
    parser.add_argument("--users", type=range_of, default=(0, 100), metavar="FROM-TO", help="only the users whose hash lies in this range of percent")
    parser.add_argument("--first", type=range_of, default=(), metavar="FROM-TO", help="only so many of a user's first events")
    args = parser.parse_args()
    try:
        histories, people, counts = read(Source.parse(args))
        histories = part_of(histories, args.until, args.users, args.first)
        counts |= {"eventsWritten": sum(map(len, histories.values())), "usersWritten": len(histories)}
        if args.out:
            write_lines(args.out, (row_of(event) for history in histories.values() for event in history))
        if args.attributes_out:
            write_lines(args.attributes_out, ({"userId": user, "attributes": person} for user, person in people.items() if user in histories))
    except (DataError, OSError) as error:
        sys.exit(f"prepare: {error}")
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
