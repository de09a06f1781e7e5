"""The folder of MovieLens-100K: u.data, u.item, u.user, u.genre. A rating is an event, its film's genres are the categories."""

from pathlib import Path

from profile_training.data.event import Event
from profile_training.data.fields import CheckedTexts, time_of, whole
from profile_training.data.files import lines
from profile_training.data.report import Report, parsed
from profile_training.data.times import parse_any_time
from profile_training.errors import BadRow


def read_movielens_100k(source, report: Report):
    folder, texts, genres = source.path, CheckedTexts(), {}
    names = [line.split("|")[0] for line in (folder / "u.genre").read_text("latin-1").split()]

    def table(name, separator, count, parse):
        return parsed(fields_of(folder / name, separator, count), parse, folder / name, report)

    def film(row):
        return row[0], tuple(name for name, flag in zip(names, row[5:]) if flag == "1")

    def user(row):
        age = report.optional(whole, "age", "age", row[1])
        return row[0], ({} if age is None else {"age": age}) | {"gender": row[2], "occupation": row[3]}

    def rating(row):
        if row[1] not in genres:
            raise BadRow(f"field item {row[1]!r} is not in u.item")
        micros = time_of(parse_any_time, "timestamp", row[3])
        return Event(texts.id("user", row[0]), "rating", texts.id("item", row[1]), micros,
                     texts.categories("genres", genres[row[1]]), float(whole("rating", row[2])))

    genres.update(table("u.item", "|", 5 + len(names), film))
    report.attributes.update(table("u.user", "|", 5, user))
    yield from table("u.data", "\t", 4, rating)


def fields_of(path: Path, separator: str, count: int):
    """(line number, fields) of every line of a table without header and quotes."""
    for line_number, line in lines(path, "latin-1"):
        row = line.rstrip("\r\n").split(separator)
        yield line_number, row if len(row) == count else BadRow(f"{len(row)} fields, {count} expected")
