"""How well scores of texts agree with their labels, or with the ratings that they belong to."""

import math
from pathlib import Path

import numpy as np
import torch

from profile_training.data.event import RATING_KINDS, event_from
from profile_training.data.fields import CheckedTexts
from profile_training.data.files import json_rows
from profile_training.errors import BadRow, DataError
from profile_training.sentiment.calibration import calibration_error
from profile_training.sentiment.records import BROKEN
from profile_training.sentiment.tokenizer import Tokenizer

BATCH = 64  # texts


def rated_texts(path: Path) -> list:
    """(text, rating) of the reviews in an event file, each with the last rating up to its time of the same item by the same user."""
    ratings, found = {}, []
    for event, text in sorted(judging(path), key=lambda judged: (judged[0].micros, judged[0].kind == "review", judged[0].id)):
        about = (event.user, event.item)
        if event.kind == "rating":
            ratings[about] = event.value
        elif text and about in ratings:
            found.append((text, ratings[about]))
    return found


def judging(path: Path):
    """(event, its text) of the ratings and reviews of an event file. Events of other kinds, also of a service's own, are not read."""
    texts = CheckedTexts()
    for number, row in json_rows(path):
        if row.get("kind") in RATING_KINDS or not isinstance(row.get("kind"), str):
            yield judged(row, texts, f"{path} line {number}")


def judged(row: dict, texts: CheckedTexts, where: str) -> tuple:
    try:
        event, text = event_from(row, texts), row.get("text")
    except BadRow as error:
        raise DataError(f"{where}: {error}") from None
    if event.kind == "rating" and event.value is None:
        raise DataError(f"{where}: field value of a rating must be a number; leave out ratings without one")
    if text is not None and (not isinstance(text, str) or BROKEN.search(text)):
        raise DataError(f"{where}: field text must be a text in UTF-8")
    return event, text


def scores_of(model, tokenizer: Tokenizer, texts: list) -> np.ndarray:
    """(N) scores in [-1, 1]; 0 for a text without tokens."""
    return outputs_of(model, tokenizer, texts)[0]


@torch.no_grad()
def outputs_of(model, tokenizer: Tokenizer, texts: list) -> np.ndarray:
    """(2, N) scores and opinions; 0 for a text without tokens."""
    tokens, outputs = [tokenizer.tokens(text) for text in texts], np.zeros((2, len(texts)))
    order = sorted((n for n in range(len(texts)) if len(tokens[n])), key=lambda n: len(tokens[n]))
    for some in (order[start:start + BATCH] for start in range(0, len(order), BATCH)):  # of similar length
        cells = np.zeros((len(some), len(tokens[some[-1]])), np.int64)
        for row, n in zip(cells, some, strict=True):
            row[:len(tokens[n])] = tokens[n]
        outputs[:, some] = [output.numpy() for output in model(torch.from_numpy(cells))[:2]]
    return outputs


def agreement(scores, labels) -> dict:
    """Of texts that praise (1) or blame (0). A score of 0, which a text without tokens has, is neither."""
    right = np.where(labels > 0.5, scores > 0, scores < 0)
    balanced = np.mean([right[labels == label].mean() for label in np.unique(labels)])
    return {"texts": len(labels), "accuracy": round(float(right.mean()), 4), "balanced": round(float(balanced), 4),
            "calibrationError": round(calibration_error((scores + 1) / 2, labels), 4)}


def above(high, low) -> float:
    """Probability that one of `high` is above one of `low`, ties counted half (area under the ROC curve)."""
    return (1 + lead(high, np.sort(low)) / (len(high) * len(low) or math.nan)) / 2


def lead(high, low) -> int:
    """Of all pairs, those where one of `high` is above one of `low`, which is sorted, less those where it is below."""
    return int(np.searchsorted(low, high, side="left").sum()) - int((len(low) - np.searchsorted(low, high, side="right")).sum())


def rank_correlation(a, b) -> float:
    """Kendall's tau-b; fast where `b`, such as ratings, has few different values."""
    agreeing, below = 0, a[:0]  # pairs in the same order in both, less those in opposite orders; `a` where `b` is smaller, sorted
    for value in np.unique(b):
        agreeing += lead(a[b == value], below)
        below = np.sort(np.concatenate([below, a[b == value]]), kind="stable")
    return agreeing / (math.sqrt(untied(a) * untied(b)) or math.nan)


def untied(values) -> int:
    """Pairs of different values."""
    counts = np.unique(values, return_counts=True)[1].tolist()
    return (len(values) ** 2 - sum(count ** 2 for count in counts)) // 2
