"""Tables with a header whose rows must all be readable: one that is not is an error with file and line."""

import csv
import re
from pathlib import Path

from profile_training.data.files import opened
from profile_training.data.formats.csv_table import csv_rows
from profile_training.errors import BadRow, DataError

BROKEN = re.compile(r"[\ud800-\udfff]")  # what is not UTF-8 is read as lone surrogates


def records(path: Path, delimiter: str, quoting: int = csv.QUOTE_MINIMAL):
    """Yields (None, {column: None}) for the header, then (its place in the file, {column: cell}) for each row.

    A table with quotes has as many cells in every row as in the header, so that a quote that is never closed shows.
    """
    hint = "correct the row" if quoting == csv.QUOTE_NONE else "correct the row, or close the quote that begins there"
    with opened(path, newline="") as file:
        header = cells_of(file.readline(), path, delimiter, quoting)
        yield None, dict.fromkeys(header)
        width = len(header) if quoting == csv.QUOTE_MINIMAL else None
        for number, cells in csv_rows(file, delimiter, width, quoting):
            where = f"{path} line {number}"
            if isinstance(cells, BadRow):
                raise DataError(f"{where}: {cells}; {hint}")
            check_text(cells, where)
            yield where, dict.fromkeys(header) | dict(zip(header, cells))


def cells_of(line: str, path: Path, delimiter: str, quoting: int) -> list:
    try:
        header = next(csv.reader([line], delimiter=delimiter, quoting=quoting), [])
    except csv.Error as error:
        raise DataError(f"{path} line 1: not a header: {error}") from None
    check_text(header, f"{path} line 1")
    return header


def check_text(cells: list, where: str) -> None:
    for cell in cells:
        if BROKEN.search(cell):
            raise DataError(f"{where}: not UTF-8; write the file as UTF-8")
