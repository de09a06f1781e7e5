"""Files of labelled texts, a reader for each format. Labels are the probability of praise; None says that there is none."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from profile_training.data.files import json_rows
from profile_training.errors import DataError
from profile_training.sentiment.emoji import counted
from profile_training.sentiment.records import BROKEN, records
from profile_training.sentiment.split import TRAIN

EMOJI = "emoji"      # counts of tweets, of which texts are made
LEXICON = "lexicon"  # words, each with a label of its own
TEXT_COLUMNS = ("text", "review", "sentence")
NEUTRAL_LABEL = 0.5  # neither praise nor blame
LABELS = {"0": 0.0, "1": 1.0, "negative": 0.0, "positive": 1.0, "neutral": NEUTRAL_LABEL}
LABEL_RULE = "label must be 0 or 1, or negative, neutral or positive"
SKIPPED_INTENTS = {  # their requests may blame or praise, or quote somebody
    "account_blocked", "cancel", "card_declined", "damaged_card", "freeze_account", "fun_fact", "goodbye", "greeting", "lost_luggage",
    "maybe", "no", "oil_change_how", "report_fraud", "report_lost_card", "restaurant_reviews", "tell_joke", "text", "thank_you",
    "translate", "yes"}


@dataclass(frozen=True)
class Row:
    text: str
    label: float | None           # 1 for praise, 0 for blame
    opinion: float | None = 1.0   # 1 if it states one, 0 if not; None if that is not known
    cut: tuple | None = None      # the phrase's words as its data set splits them, if that is not how the tokenizer does
    split: int | None = None      # index into split.SPLITS; None for that of the text's hash


def rows_of(source: str):
    """(name of the data set, its format, its rows)."""
    kind, _, path = source.partition(":")
    if kind not in READERS or not path:
        raise DataError(f"--data {source}: expected FORMAT:PATH with FORMAT one of {', '.join(READERS)}")
    return Path(path.removesuffix(".gz")).stem, kind, READERS[kind](Path(path))


def table(path: Path, delimiter: str, quoting: int, needed: str | None = "label"):
    """The rows of a table with (their text, the row, where it stands)."""
    column = None
    for where, row in records(path, delimiter, quoting):
        column = column or next((c for c in TEXT_COLUMNS if c in row), None)
        if column is None or needed not in (None, *row):
            raise DataError(f"{path}: the header must have {f'{needed} and ' if needed else ''}one of {', '.join(TEXT_COLUMNS)}")
        if where is None:  # the header
            continue
        if row[column] is None:
            raise DataError(f"{where}: {column} must not be missing")
        yield row[column], row, where


def row_of(text: str, label, where: str) -> Row:
    """Whether a neutral text states an opinion is open: news and offers have this label as well as lukewarm reviews."""
    praise = LABELS.get(str(label))
    if praise is None:
        raise DataError(f"{where}: {LABEL_RULE}")
    return Row(text, praise, None if praise == NEUTRAL_LABEL else 1.0)


def labelled(path: Path, delimiter: str, quoting: int):
    for text, row, where in table(path, delimiter, quoting):
        yield row_of(text, row["label"], where)


def read_csv(path: Path):
    return labelled(path, ",", csv.QUOTE_MINIMAL)


def read_tsv(path: Path):
    return labelled(path, "\t", csv.QUOTE_NONE)


def read_treebank(path: Path):
    """Tab-separated, with words split as the Penn Treebank splits them, which is undone: "does n't" → "doesn't"."""
    for row in read_tsv(path):
        text = re.sub(r" (n't|'\w+)\b", r"\1", row.text.replace("-lrb-", "(").replace("-rrb-", ")"))
        yield Row(text, row.label, row.opinion, cut=tuple(row.text.split()))


def read_lexicon(path: Path):
    """Tab-separated words, all of them for training. A label may be any probability of praise, for words are more or less clear."""
    for text, row, where in table(path, "\t", csv.QUOTE_NONE):
        praise = LABELS.get(row["label"], number_of(row["label"]))
        if praise is None or not 0 <= praise <= 1:
            raise DataError(f"{where}: label must be 0 to 1, or negative, neutral or positive")
        yield Row(text, praise, split=TRAIN)


def number_of(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def read_ndjson(path: Path):
    for number, row in json_rows(path):
        where = f"{path} line {number}"
        if not isinstance(row.get("text"), str):
            raise DataError(f"{where}: field text must be a string")
        if BROKEN.search(row["text"]):
            raise DataError(f"{where}: field text has broken Unicode; write it as UTF-8")
        yield row_of(row["text"], row.get("label"), where)


def read_requests(path: Path):
    """Requests to an assistant, which state no opinion, without those of some intents."""
    for text, row, _ in table(path, "\t", csv.QUOTE_NONE, needed="intent"):
        if row["intent"] not in SKIPPED_INTENTS:
            yield Row(text, None, 0.0)


READERS = {"csv": read_csv, "tsv": read_tsv, "phrases": read_tsv, "treebank": read_treebank, "ndjson": read_ndjson,
           "requests": read_requests, LEXICON: read_lexicon, EMOJI: counted}
