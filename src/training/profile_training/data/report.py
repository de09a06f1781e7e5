"""Counts of what was read and what was left out."""

import sys
from pathlib import Path

from profile_training.errors import BadRow

NAMED = 5  # problems of each kind that are kept word for word


class Report:
    """What became of the rows of a source, and what the source says besides its events."""

    def __init__(self):
        self.rows = self.unreadable = 0
        self.first: list = []            # the first unreadable rows
        self.ignored: set = set()        # names of columns and fields that nothing reads
        self.attributes: dict = {}       # {user: {name: value}}
        self.place: tuple = ("", 0)      # path and line number of the current row
        self.left_out: dict = {}         # {field: number of rows kept without it}
        self.first_left_out: list = []   # the first of these

    def refuse(self, where: str, error: BadRow) -> None:
        self.unreadable += 1
        if len(self.first) < NAMED:
            self.first.append(f"{where}: {error}")

    def optional(self, read, field: str, *arguments):
        """read(*arguments), or None if it raises BadRow: a row is kept without an optional field that cannot be read."""
        try:
            return read(*arguments)
        except BadRow as error:
            self.left_out[field] = self.left_out.get(field, 0) + 1
            if len(self.first_left_out) < NAMED:
                self.first_left_out.append(f"{self.place[0]} line {self.place[1]}: {error}; the row is kept without it")
            return None

    def progress(self, path: Path) -> None:
        print(f"{path}: {self.rows:,} rows read, {self.unreadable:,} of them unreadable", *self.first[:1],
              file=sys.stderr, flush=True)


def parsed(rows, parse, path: Path, report: Report):
    """parse(row) of every (line number, row) that can be read; a row may be a BadRow already."""
    for number, row in rows:
        report.rows += 1
        if report.rows % 1_000_000 == 0:
            report.progress(path)
        report.place = (path, number)
        try:
            result = row if isinstance(row, BadRow) else parse(row)
        except BadRow as error:
            result = error
        if isinstance(result, BadRow):
            report.refuse(f"{path} line {number}", result)
        else:
            yield result
