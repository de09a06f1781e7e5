"""Files of labelled texts → tokens, split into parts by the hash of each text, so that the same text is always in the same part."""

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from profile_training.encoding.hashing import hash64
from profile_training.errors import DataError
from profile_training.sentiment.tokenizer import SLOTS, Tokenizer

PARTS = ("train", "valid", "test")
TEXT_COLUMNS = ("text", "review", "sentence")
LABELS = {"0": 0, "1": 1}


@dataclass
class Texts:
    tokens: np.ndarray   # (T * SLOTS) int32, of one text after another
    starts: np.ndarray   # (N + 1) text n has the tokens from starts[n] to starts[n + 1]
    labels: np.ndarray   # (N) 1 for praise, 0 for blame
    sets: np.ndarray     # (N) index into `names`
    parts: np.ndarray    # (N) index into PARTS
    names: list          # of the data sets
    counts: dict         # {name: {"rows", "texts"}}

    def of(self, part: str) -> np.ndarray:
        """Indices of the texts of one part."""
        return np.flatnonzero(self.parts == PARTS.index(part))

    def lengths(self) -> np.ndarray:
        """Units of each text."""
        return np.diff(self.starts) // SLOTS


def read_texts(sources: list, tokenizer: Tokenizer) -> Texts:
    """`sources` are FORMAT:PATH. Texts that are equal after folding are read once, and texts without a unit not at all."""
    tokens, labels, sets, parts, names, counts, seen = [], [], [], [], [], {}, set()
    for source in sources:
        name, rows = rows_of(source)
        names.append(name)
        counts[name] = {"rows": 0, "texts": 0}
        for text, label in rows:
            counts[name]["rows"] += 1
            units = " ".join(tokenizer.units(text))
            if not units or units in seen:
                continue
            seen.add(units)
            counts[name]["texts"] += 1
            tokens.append(tokenizer.tokens(text).astype(np.int32))
            labels.append(label)
            sets.append(len(names) - 1)
            parts.append(part_of(hash64(units)))
    if len({*labels}) < 2:
        raise DataError("texts of both labels are needed, 0 and 1")
    starts = np.cumsum([0] + [len(t) for t in tokens])
    return Texts(np.concatenate(tokens), starts, np.array(labels), np.array(sets), np.array(parts), names, counts)


def part_of(text_hash: int) -> int:
    """Index into PARTS: a tenth of the texts is for the test, a twentieth for validation."""
    percent = text_hash % 100
    return 2 if percent < 10 else 1 if percent < 15 else 0


def rows_of(source: str):
    """(name of the data set, its (text, label) rows)."""
    kind, _, path = source.partition(":")
    if kind not in READERS or not path:
        raise DataError(f"--data {source}: expected FORMAT:PATH with FORMAT one of {', '.join(READERS)}")
    return Path(path).stem, READERS[kind](Path(path))


def table(path: Path, delimiter: str, quoting: int):
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file, delimiter=delimiter, quoting=quoting)
        column = next((c for c in TEXT_COLUMNS if c in (rows.fieldnames or [])), None)
        if column is None or "label" not in rows.fieldnames:
            raise DataError(f"{path}: the header must have label and one of {', '.join(TEXT_COLUMNS)}")
        for row in rows:
            if row["label"] not in LABELS or row[column] is None:
                raise DataError(f"{path} line {rows.line_num}: label must be 0 or 1, and {column} must not be missing")
            yield row[column], LABELS[row["label"]]


def read_csv(path: Path):
    return table(path, ",", csv.QUOTE_MINIMAL)


def read_treebank(path: Path):
    """Tab-separated, with words split as the Penn Treebank splits them, which is undone: "does n't" → "doesn't"."""
    for text, label in table(path, "\t", csv.QUOTE_NONE):
        yield re.sub(r" (n't|'\w+)\b", r"\1", text.replace("-lrb-", "(").replace("-rrb-", ")")), label


def read_ndjson(path: Path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["text"], LABELS[str(row["label"])]


READERS = {"csv": read_csv, "treebank": read_treebank, "ndjson": read_ndjson}
