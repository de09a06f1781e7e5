"""Measures how well a sentiment package tells good ratings from bad ones by the reviews of an event file.

    python3 src/training/sentiment_of_events.py --package models/sentiment/5 --events demo/events.ndjson

A review belongs to the last rating up to its time of the same item by the same user. The last line is JSON: for each rating the number
of reviews and their mean score, the rank correlation of score and rating (Kendall's tau-b), and the probability that the review of
a good rating scores above that of a bad one.
"""

import json
from pathlib import Path

import numpy as np

from profile_training.commands.arguments import parser_of
from profile_training.errors import DataError
from profile_training.sentiment.agreement import above, rank_correlation, rated_texts, scores_of
from profile_training.sentiment.package import load_sentiment

GOOD, BAD = 4, 3  # the least good rating, the best bad one


def main(arguments: list | None = None) -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--package", required=True, type=Path)
    parser.add_argument("--events", required=True, type=Path)
    args = parser.parse_args(arguments)
    rated = rated_texts(args.events)
    ratings = np.array([rating for _, rating in rated], float)
    if not (ratings >= GOOD).any() or not (ratings <= BAD).any():
        raise DataError(f"--events {args.events}: {len(rated):,} reviews with a text follow a rating of their item; give events in which "
                        f"some follow one of {GOOD} or more and some one of {BAD} or less")
    scores = scores_of(*load_sentiment(args.package), [text for text, _ in rated])
    if (scores == scores[0]).all():
        raise DataError(f"--events {args.events}: the package gives all {len(rated):,} reviews one score: give texts that it can read")
    of_rating = {f"{r:g}": scores[ratings == r] for r in sorted(set(ratings))}
    print(json.dumps({
        "reviews": len(rated), "mean": {r: [len(some), round(float(some.mean()), 3)] for r, some in of_rating.items()},
        "rankCorrelation": round(rank_correlation(scores, ratings), 4),
        "goodAboveBad": round(above(scores[ratings >= GOOD], scores[ratings <= BAD]), 4)}))
