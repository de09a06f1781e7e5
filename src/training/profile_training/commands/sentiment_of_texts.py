"""Measures a sentiment package on labelled texts.

    python3 src/training/sentiment_of_texts.py --package models/sentiment/5 --data tweets.tsv --by lang

The file is tab-separated without quoting and has the columns text and either label (0 or negative, 1 or positive, neutral) or stars
(1 and 2 blame, 4 and 5 praise); --title puts its column title before the text. There is a line of JSON for each value of the column
after --by, and, as the last line, one for all texts: how many there are, the share that is taken to state an opinion, and that of the
neutral ones; then, of those that praise or blame, how many they are, accuracy, the mean of the accuracies on either tone, and the
expected calibration error: of all, and of those taken to state an opinion. A text without anything to read neither praises nor
blames, so that it is right for no label.
"""

import json
from pathlib import Path

import numpy as np

from profile_training.commands.arguments import parser_of
from profile_training.package.reader import read_manifest
from profile_training.sentiment.agreement import agreement, outputs_of
from profile_training.sentiment.measured import measured_texts
from profile_training.sentiment.package import KIND, load_sentiment
from profile_training.sentiment.sources import NEUTRAL_LABEL


def main(arguments: list | None = None) -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--package", required=True, type=Path)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--by", metavar="COLUMN", help="a line for each of its values")
    parser.add_argument("--title", action="store_true", help="each text begins with its title")
    args = parser.parse_args(arguments)
    texts, labels, groups = measured_texts(args.data, args.by, args.title)
    scores, opinions = outputs_of(*load_sentiment(args.package), texts)
    stating = (opinions > 0) & (opinions >= read_manifest(args.package, KIND).get("leastOpinion", 0))
    for group in sorted({*groups}) if args.by else ():
        print(json.dumps({args.by: group} | figures(scores, stating, labels, np.array(groups) == group)), flush=True)
    print(json.dumps(figures(scores, stating, labels, np.ones(len(texts), bool))))


def figures(scores, stating, labels, where) -> dict:
    neutral, plain = where & (labels == NEUTRAL_LABEL), where & (labels != NEUTRAL_LABEL)
    found = {"texts": int(where.sum()), "opinion": round(float(stating[where].mean()), 4)}
    if neutral.any():
        found["opinionOfNeutral"] = round(float(stating[neutral].mean()), 4)
    parts = {"all": plain, "stating": plain & stating}
    return found | {name: agreement(scores[some], labels[some]) for name, some in parts.items() if some.any()}
