"""Text files, plain or gzip, read line by line, so that a file of any size needs little memory; and JSON lines, written."""

import gzip
import hashlib
import json
import zlib
from contextlib import contextmanager
from pathlib import Path

from profile_training.errors import BadRow, DataError, unwritten


@contextmanager
def opened(path: Path, encoding: str = "utf-8-sig", newline: str = "\n"):
    """The text of a file, unpacked if its name ends with .gz; broken UTF-8 becomes lone surrogates, which fields.FORBIDDEN finds."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding=encoding, errors="surrogateescape", newline=newline) as file:
        try:
            yield file
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DataError(f"{path}: the gzip file is damaged: {error}") from None


def lines(path, encoding: str = "utf-8-sig"):
    """(line number, text) of every line that is not blank."""
    with opened(Path(path), encoding) as file:
        for number, line in enumerate(file, 1):
            if not line.isspace():
                yield number, line


def json_rows_or_errors(path):
    """(line number, object) of every line that is not blank; a BadRow instead of the object if the line is not one."""
    for number, line in lines(path):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            row = BadRow(f"not JSON: {error}")
        yield number, row if isinstance(row, (dict, BadRow)) else BadRow("not a JSON object")


def json_rows(path):
    """(line number, object) of every line that is not blank; a DataError if one of them is not an object."""
    for number, row in json_rows_or_errors(path):
        if isinstance(row, BadRow):
            raise DataError(f"{path} line {number}: {row}")
        yield number, row


def write_json_lines(path: Path, rows) -> None:
    """Lone surrogates, which an attribute may contain, are written as JSON escapes."""
    with written(path) as file:
        file.writelines(map(json_line, rows))


@contextmanager
def written(path: Path):
    """A text file that is written; where that fails, as on a full disk, the error names it."""
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
    except OSError as error:
        raise unwritten(path, error, "name another file") from error


def sha256_of(path: Path) -> str:
    """Of a file of any size."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def json_line(row: dict) -> str:
    return json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n"
