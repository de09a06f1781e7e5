"""Events as POST /v1/events takes them, one JSON object per line."""

from profile_training.data.event import FIELDS, event_from
from profile_training.data.fields import CheckedTexts
from profile_training.data.files import json_rows_or_errors
from profile_training.data.report import Report, parsed


def read_events(source, report: Report):
    texts, names = CheckedTexts(), set()

    def parse(row):
        names.update(row)
        return event_from(row, texts)

    yield from parsed(json_rows_or_errors(source.path), parse, source.path, report)
    report.ignored = names.difference(FIELDS)
