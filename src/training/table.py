"""Events from a table with a header, whose columns `--columns` maps to the fields of an event."""

import csv
from pathlib import Path

from events import FIELDS, SAME_KINDS, BadRow, DataError, Event, Known, amount, check_id, kind_of, time_of
from rows import Report, converted, opened
from times import parse_any_time


def read_csv(source, report: Report):
    """A table with a header; the source's `columns` says which of its columns is which field of an event."""
    with opened(source.path, newline="") as file:
        header, separator = header_of(file.readline(), source.path)
        missing = [column for column in source.columns.values() if column not in header]
        if missing:
            raise DataError(f"{source.path}: --columns names {', '.join(missing)}; the columns are {', '.join(header)}")
        report.ignored = set(header).difference(source.columns.values())
        yield from converted(csv_rows(file, separator, len(header)), csv_event(source, header, report), source.path, report)


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


def csv_event(source, header: list, report: Report):
    """The function that turns the fields of a record into an event; a field without a column is read as an empty cell.

    A row is kept without a category, value or event id that cannot be read.
    """
    columns, known, kinds = source.columns, Known(), SAME_KINDS | source.kinds
    names = {field: f"{field} (column {columns.get(field)})" for field in FIELDS}
    an_id, user, kind, item, time, category, value = (
        header.index(columns[field]) if field in columns else len(header) for field in FIELDS)

    def category_of(cell: str):
        return report.optional(known.categories, "categories", names["categories"], (cell,)) or () if cell else ()

    def make(fields: list) -> Event:
        cells = [*fields, ""]
        return Event(known.id(names["userId"], cells[user]),
                     kind_of(kinds, names["kind"], without_zeros(cells[kind], kinds)) if "kind" in columns else source.kind,
                     known.id(names["itemId"], cells[item]),
                     time_of(parse_any_time, names["timestamp"], cells[time]),
                     category_of(cells[category]),
                     report.optional(amount, "value", names["value"], cells[value]),
                     report.optional(check_id, "eventId", names["eventId"], cells[an_id]) or "" if cells[an_id] else "")
    return make


def without_zeros(cell: str, kinds: dict) -> str:
    """A kind that is a number, as --kinds names it: 1.0, which many tools write of a column with gaps, is 1."""
    return cell if cell in kinds else cell.rstrip("0").removesuffix(".") if "." in cell else cell
