"""A source → one history per user: ordered as the service orders a window, and without duplicates."""

import gc
import sys
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from profile_training.data.attributes import read_attributes
from profile_training.data.formats import READERS
from profile_training.data.report import Report
from profile_training.data.source import Source
from profile_training.errors import DataError


class EventLog(NamedTuple):
    histories: dict   # {user: [Event, ...]}, oldest first
    attributes: dict  # {user: {name: value}}
    counts: dict      # what was read, as prepare.py prints it

    def without(self, left_out, why: str) -> "EventLog":
        """The log without the users for whom `left_out(user)` is true; `why` begins the message if nobody is left."""
        kept = {user: history for user, history in self.histories.items() if not left_out(user)}
        if not kept:
            raise DataError(f"{why} leaves no user to train on")
        attributes = {user: values for user, values in self.attributes.items() if not left_out(user)}
        return self._replace(histories=kept, attributes=attributes, counts={**self.counts, **sizes_of(kept)})


@contextmanager
def without_garbage_collector():
    """Reading makes millions of small objects and no cycle; searching them for cycles took a tenth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@without_garbage_collector()
def read(source: Source) -> EventLog:
    """A few bad rows are named on stderr and left out; more than 1 in 100, or no event at all, is a DataError."""
    report, histories = Report(), {}
    attributes = read_attributes(source.attributes) if source.attributes else report.attributes
    for event in READERS[source.format](source, report):
        histories.setdefault(event.user, []).append(event)
    check(source.path, report)
    if not histories:
        raise DataError(f"{source.path}: no events")
    events_read = sum(map(len, histories.values()))
    for user, history in histories.items():
        histories[user] = in_order(without_duplicates(history))
    return EventLog(histories, attributes, counts_of(histories, events_read, report))


def check(path: Path, report: Report) -> None:
    unreadable = f"{path}: {report.unreadable:,} of {report.rows:,} rows cannot be read"
    if report.unreadable * 100 > report.rows:
        raise DataError("\n  ".join([f"{unreadable}; at most 1 in 100 may be unreadable:", *report.first])
                        + "\nCorrect or remove these rows, or correct the arguments that say how to read them.")
    for problem in report.first + report.first_left_out:
        print(problem, file=sys.stderr)
    if report.unreadable:
        print(f"{unreadable} and are left out", file=sys.stderr)
    for name, count in report.left_out.items():
        print(f"{path}: {count:,} of {report.rows:,} rows are kept without their {name}", file=sys.stderr)


def without_duplicates(history: list) -> list:
    """Events are equal by eventId, or without one by kind, item and time; the first in the file is kept.

    Of two versions that differ in more, such as the value, the service keeps the later one in time, or else the one with the greater
    bytes (Window.cs). Its training export has that version alone.
    """
    first: dict = {}
    for event in history:
        first.setdefault(event.id or (event.kind, event.item, event.micros), event)
    return list(first.values())


def in_order(history: list) -> list:
    history.sort(key=attrgetter("micros", "id"))  # stable: file order decides between equal ones
    return history


def counts_of(histories: dict, events_read: int, report: Report) -> dict:
    sizes = sizes_of(histories)
    return {**sizes, "duplicates": events_read - sizes["events"], "unreadable": report.unreadable, "fieldsLeftOut": report.left_out,
            "ignoredColumns": sorted(report.ignored)}


def sizes_of(histories: dict) -> dict:
    lengths = [len(history) for history in histories.values()]
    items = {event.item for history in histories.values() for event in history}
    return {"events": sum(lengths), "users": len(histories), "items": len(items), "usersWithOneEvent": lengths.count(1)}
