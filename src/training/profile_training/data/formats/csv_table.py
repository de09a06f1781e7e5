"""A table with a header; `--columns` says which of its columns is which field of an event."""

import csv
from pathlib import Path

from profile_training.data.event import FIELDS, SAME_KINDS, Event
from profile_training.data.fields import CheckedTexts, amount, check_id, kind_of, time_of
from profile_training.data.files import opened
from profile_training.data.report import Report, parsed
from profile_training.data.times import parse_clear_time
from profile_training.errors import BadRow, DataError


def read_csv(source, report: Report):
    with opened(source.path, newline="") as file:
        header, separator = header_of(file.readline(), source.path)
        missing = [column for column in source.columns.values() if column not in header]
        if missing:
            raise DataError(f"{source.path}: --columns names {', '.join(missing)}; the columns are {', '.join(header)}")
        report.ignored = set(header).difference(source.columns.values())
        rows = csv_rows(file, separator, len(header))
        yield from parsed(rows, event_parser(source, header, report), source.path, report)


def header_of(line: str, path: Path):
    """(column names, separator): the one of comma, tab and semicolon that gives the most columns."""
    if not line.strip():
        raise DataError(f"{path}: the first line must be a header; it is empty")
    try:
        headers = {separator: next(csv.reader([line], delimiter=separator)) for separator in ",\t;"}
    except csv.Error as error:
        raise DataError(f"{path}: the first line is not a header: {error}") from None
    separator = max(headers, key=lambda s: len(headers[s]))
    return headers[separator], separator


def csv_rows(file, separator: str, width: int | None, quoting: int = csv.QUOTE_MINIMAL):
    """(line number, fields) of every record after the header; without a width a record may have any number of fields.

    A quote that is never closed swallows the lines after it: a broken record is a bad row for each line that it spans.
    """
    reader = csv.reader(file, delimiter=separator, strict=True, quoting=quoting)
    while True:
        start = reader.line_num + 2  # lines count from 1, and the header was read before
        try:
            fields = next(reader, None)
            if fields is None:
                return
            bad = BadRow(f"{len(fields)} fields, {width} expected") if width and fields and len(fields) != width else None
        except csv.Error as error:
            bad = BadRow(f"not CSV: {error}")
        if bad:
            yield from ((line, bad) for line in range(start, reader.line_num + 2))
        elif fields:
            yield start, fields


def event_parser(source, header: list, report: Report):
    """The function from a record's fields to an event; a field without a column is read as an empty cell.

    If a category, value or event id cannot be read, the row is kept without it.
    """
    columns, texts, kinds = source.columns, CheckedTexts(), SAME_KINDS | source.kinds
    names = {field: f"{field} (column {columns.get(field)})" for field in FIELDS}
    event_id, user, kind, item, time, category, value = (
        header.index(columns[field]) if field in columns else len(header) for field in FIELDS)

    def category_of(cell: str):
        return (report.optional(texts.categories, "categories", names["categories"], (cell,)) or ()) if cell else ()

    def event_id_of(cell: str) -> str:
        return (report.optional(check_id, "eventId", names["eventId"], cell) or "") if cell else ""

    def parse(fields: list) -> Event:
        cells = [*fields, ""]
        return Event(texts.id(names["userId"], cells[user]),
                     kind_of(kinds, names["kind"], without_zeros(cells[kind], kinds)) if "kind" in columns else source.kind,
                     texts.id(names["itemId"], cells[item]),
                     time_of(parse_clear_time, names["timestamp"], cells[time]),
                     category_of(cells[category]),
                     report.optional(amount, "value", names["value"], cells[value]),
                     event_id_of(cells[event_id]))
    return parse


def without_zeros(cell: str, kinds: dict) -> str:
    """A numeric kind as --kinds names it: 1.0, which many tools write for a column with gaps, is 1."""
    return cell if cell in kinds else cell.rstrip("0").removesuffix(".") if "." in cell else cell
