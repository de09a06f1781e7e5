"""Labelled texts for measuring."""

import csv
from pathlib import Path

import numpy as np

from profile_training.errors import DataError
from profile_training.sentiment.sources import LABEL_RULE, LABELS, NEUTRAL_LABEL, table

STARS = {"1": 0.0, "2": 0.0, "3": NEUTRAL_LABEL, "4": 1.0, "5": 1.0}


def measured_texts(path: Path, by: str | None, with_title: bool) -> tuple:
    """(texts, (N) labels, the values of the column `by`)."""
    texts, labels, groups = [], [], []
    for text, row, where in table(path, "\t", csv.QUOTE_NONE, needed=by):
        label = LABELS.get(row["label"]) if "label" in row else STARS.get(row.get("stars"))
        if label is None:
            raise DataError(f"{where}: {LABEL_RULE}; or stars must be 1 to 5")
        if missing := [name for name in ("title" if with_title else None, by) if name and row.get(name) is None]:
            raise DataError(f"{where}: {missing[0]} must not be missing")
        texts.append(f"{row['title']}. {text}" if with_title else text)
        labels.append(label)
        groups.append(row[by] if by else None)
    if not texts:
        raise DataError(f"{path}: there are no texts")
    return texts, np.array(labels), groups
