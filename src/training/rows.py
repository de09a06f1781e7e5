"""Files to rows, one at a time, so that a file of any size is read in bounded memory; and what became of the rows."""

import gzip
import json
import sys
import zlib
from contextlib import contextmanager
from pathlib import Path

from events import BadRow, DataError


class Report:
    """What became of the rows, and what a format says beside its events."""

    def __init__(self):
        self.rows = self.unreadable = 0
        self.first: list = []      # the first bad rows, five at most
        self.ignored: set = set()  # names of columns and fields that nothing reads
        self.people: dict = {}     # {user: {name: value}}
        self.place: tuple = ("", 0)                # path and line number of the row in hand
        self.left_out: dict = {}                   # {field: rows that are read without it}
        self.first_left_out: list = []             # the first of these, five at most

    def refuse(self, where: str, error: BadRow) -> None:
        self.unreadable += 1
        if len(self.first) < 5:
            self.first.append(f"{where}: {error}")

    def optional(self, read, field: str, *arguments):
        """read(*arguments); None where it is a BadRow: a row is kept without an optional field that cannot be read."""
        try:
            return read(*arguments)
        except BadRow as error:
            self.left_out[field] = self.left_out.get(field, 0) + 1
            if len(self.first_left_out) < 5:
                self.first_left_out.append(f"{self.place[0]} line {self.place[1]}: {error}; the row is read without it")
            return None

    def progress(self, path: Path) -> None:
        print(f"{path}: {self.rows:,} rows read, {self.unreadable:,} of them unreadable", *self.first[:1],
              file=sys.stderr, flush=True)


def converted(rows, make, path: Path, report: Report):
    """make(row) of every (line number, row), the bad ones left out; a BadRow may also stand in a row's place."""
    for number, row in rows:
        report.rows += 1
        if report.rows % 1_000_000 == 0:
            report.progress(path)
        report.place = (path, number)
        try:
            made = row if isinstance(row, BadRow) else make(row)
        except BadRow as error:
            made = error
        if isinstance(made, BadRow):
            report.refuse(f"{path} line {number}", made)
        else:
            yield made


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
