"""Files of labelled texts, a reader for each format. Labels are the probability of praise; None says that there is none."""

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

from profile_training.errors import DataError
from profile_training.sentiment.emoji import counted

EMOJI = "emoji"  # counts of tweets, of which texts are made
TEXT_COLUMNS = ("text", "review", "sentence")
LABELS = {"0": 0.0, "1": 1.0, "negative": 0.0, "positive": 1.0, "neutral": 0.5}
NEUTRAL = LABELS["neutral"]
FEELINGS = {  # intents whose requests may blame or praise, and those that quote what somebody says
    "account_blocked", "cancel", "card_declined", "damaged_card", "freeze_account", "fun_fact", "goodbye", "greeting", "lost_luggage",
    "maybe", "no", "oil_change_how", "report_fraud", "report_lost_card", "restaurant_reviews", "tell_joke", "text", "thank_you",
    "translate", "yes"}


@dataclass(frozen=True)
class Row:
    text: str
    label: float | None           # 1 for praise, 0 for blame
    opinion: float | None = 1.0   # 1 if it states one, 0 if not; None if that is not known
    cut: tuple | None = None      # the words of a phrase as its sentence was cut, where they are not its units


def rows_of(source: str):
    """(name of the data set, its format, its rows)."""
    kind, _, path = source.partition(":")
    if kind not in READERS or not path:
        raise DataError(f"--data {source}: expected FORMAT:PATH with FORMAT one of {', '.join(READERS)}")
    return Path(path).stem, kind, READERS[kind](Path(path))


def table(path: Path, delimiter: str, quoting: int, needed: str = "label"):
    """The rows of a table with (their text, the row, where it stands)."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file, delimiter=delimiter, quoting=quoting)
        column = next((c for c in TEXT_COLUMNS if c in (rows.fieldnames or [])), None)
        if column is None or needed not in rows.fieldnames:
            raise DataError(f"{path}: the header must have {needed} and one of {', '.join(TEXT_COLUMNS)}")
        for row in rows:
            where = f"{path} line {rows.line_num}"
            if row[column] is None:
                raise DataError(f"{where}: {column} must not be missing")
            yield row[column], row, where


def labelled(path: Path, delimiter: str, quoting: int):
    """What a neutral text states is open: news and offers bear this label as well as lukewarm reviews."""
    for text, row, where in table(path, delimiter, quoting):
        if row["label"] not in LABELS:
            raise DataError(f"{where}: label must be 0 or 1, or negative, neutral or positive")
        label = LABELS[row["label"]]
        yield Row(text, label, None if label == NEUTRAL else 1.0)


def read_csv(path: Path):
    return labelled(path, ",", csv.QUOTE_MINIMAL)


def read_tsv(path: Path):
    return labelled(path, "\t", csv.QUOTE_NONE)


def read_treebank(path: Path):
    """Tab-separated, with words split as the Penn Treebank splits them, which is undone: "does n't" → "doesn't"."""
    for row in read_tsv(path):
        text = re.sub(r" (n't|'\w+)\b", r"\1", row.text.replace("-lrb-", "(").replace("-rrb-", ")"))
        yield Row(text, row.label, row.opinion, cut=tuple(row.text.split()))


def read_ndjson(path: Path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield Row(row["text"], LABELS[str(row["label"])])


def read_requests(path: Path):
    """Requests to an assistant, which state no opinion, without those of some intents."""
    for text, row, _ in table(path, "\t", csv.QUOTE_NONE, needed="intent"):
        if row["intent"] not in FEELINGS:
            yield Row(text, None, 0.0)


READERS = {"csv": read_csv, "tsv": read_tsv, "phrases": read_tsv, "treebank": read_treebank, "ndjson": read_ndjson,
           "requests": read_requests, EMOJI: counted}
