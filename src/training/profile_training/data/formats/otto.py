"""OTTO's sessions, one JSON object per line: {"session": 0, "events": [{"aid": 1, "ts": milliseconds, "type": "clicks"}]}."""

from profile_training.data.event import Event
from profile_training.data.fields import CheckedTexts, kind_of, time_of
from profile_training.data.files import json_rows_or_errors
from profile_training.data.report import Report, parsed
from profile_training.data.times import in_range, whole_number
from profile_training.errors import BadRow

KINDS = {"clicks": "click", "carts": "cart", "orders": "purchase"}


def read_otto(source, report: Report):
    texts = CheckedTexts()

    def parse(row):
        session, event = row
        if not isinstance(event, dict):
            raise BadRow("field events must contain objects")
        return Event(texts.id("session", text_of(session)), kind_of(KINDS, "type", event.get("type")),
                     texts.id("aid", text_of(event.get("aid"))), time_of(milliseconds, "ts", event.get("ts")))

    yield from parsed(events_of(source.path), parse, source.path, report)


def events_of(path):
    """(line number, (session, event)) of every event of every session."""
    for line_number, row in json_rows_or_errors(path):
        events = None if isinstance(row, BadRow) else row.get("events")
        if isinstance(events, list):
            yield from ((line_number, (row.get("session"), event)) for event in events)
        else:
            yield line_number, row if isinstance(row, BadRow) else BadRow("field events must be a list")


def text_of(number_or_text):
    try:
        return str(whole_number(number_or_text))
    except ValueError:
        return number_or_text


def milliseconds(value) -> int:
    return in_range(whole_number(value) * 1_000)
