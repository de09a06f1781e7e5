"""How well a sentiment package tells good ratings from bad ones by the reviews of an event file.

    python3 src/training/sentiment_of_events.py --package models/sentiment/1 --events demo/events.ndjson

A review belongs to the rating that the same user gave the same item last before it. The last line is JSON: the mean score of each
rating, the rank correlation of score and rating (Kendall's tau-b), and the chance that a good rating's review scores above a bad one's.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from sentiment_export import load_sentiment
from text_tokens import Tokenizer

GOOD, BAD = 4, 3  # ratings from here up, and up to here


def rated_texts(path: Path) -> list:
    """(text, rating) of the reviews that belong to a rating."""
    ratings, found = {}, []
    for line in path.read_text("utf-8").splitlines():
        event = json.loads(line)
        about = (event["userId"], event["itemId"])
        if event["kind"] == "rating":
            ratings[about] = event["value"]
        elif event.get("text") and about in ratings:
            found.append((event["text"], ratings[about]))
    return found


@torch.no_grad()
def scores_of(model, tokenizer: Tokenizer, texts: list) -> np.ndarray:
    """Scores in [-1, 1]; 0 of a text without tokens."""
    tokens = [torch.from_numpy(tokenizer.tokens(text)).unsqueeze(0) for text in texts]
    return np.array([model(t)[0].item() if t.shape[1] else 0.0 for t in tokens])


def above(high, low) -> float:
    """Chance that one of `high` is above one of `low`; half where they are equal (area under the ROC curve)."""
    signs = np.sign(high[:, None] - low[None, :])
    return float((signs + 1).mean() / 2)


def rank_correlation(a, b) -> float:
    """Kendall's tau-b: agreement of the orders of all pairs, ties left out."""
    x, y = np.sign(a[:, None] - a[None, :]), np.sign(b[:, None] - b[None, :])
    return float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True, type=Path)
    parser.add_argument("--events", required=True, type=Path)
    args = parser.parse_args()
    rated = rated_texts(args.events)
    ratings = np.array([rating for _, rating in rated], float)
    scores = scores_of(*load_sentiment(args.package), [text for text, _ in rated])
    print(json.dumps({
        "reviews": len(rated), "mean": {f"{r:g}": [int((ratings == r).sum()), round(float(scores[ratings == r].mean()), 3)] for r in sorted(set(ratings))},
        "rankCorrelation": round(rank_correlation(scores, ratings), 4),
        "goodAboveBad": round(above(scores[ratings >= GOOD], scores[ratings <= BAD]), 4)}))


if __name__ == "__main__":
    main()
