"""How well scores of texts agree with their labels, or with the ratings that they belong to."""

import json
from pathlib import Path

import numpy as np
import torch

from profile_training.sentiment.calibration import calibration_error
from profile_training.sentiment.tokenizer import Tokenizer

BATCH = 64  # texts


def rated_texts(path: Path) -> list:
    """(text, rating) of the reviews in an event file that follow a rating of the same item by the same user."""
    ratings, found = {}, []
    for line in path.read_text("utf-8").splitlines():
        event = json.loads(line)
        about = (event["userId"], event["itemId"])
        if event["kind"] == "rating":
            ratings[about] = event["value"]
        elif event.get("text") and about in ratings:
            found.append((event["text"], ratings[about]))
    return found


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
    """Of texts that praise (1) or blame (0)."""
    right = (scores > 0) == (labels > 0.5)
    balanced = np.mean([right[labels == label].mean() for label in np.unique(labels)])
    return {"texts": len(labels), "accuracy": round(float(right.mean()), 4), "balanced": round(float(balanced), 4),
            "calibrationError": round(calibration_error((scores + 1) / 2, labels), 4)}


def above(high, low) -> float:
    """Probability that one of `high` is above one of `low`, ties counted half (area under the ROC curve)."""
    signs = np.sign(high[:, None] - low[None, :])
    return float((signs + 1).mean() / 2)


def rank_correlation(a, b) -> float:
    """Kendall's tau-b."""
    x, y = np.sign(a[:, None] - a[None, :]), np.sign(b[:, None] - b[None, :])
    return float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))
