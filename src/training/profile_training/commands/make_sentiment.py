"""Trains a sentiment model on labelled texts, compares it with simpler ones on held-out texts, and writes its package.

    python3 src/training/make_sentiment.py --data csv:reviews.csv --data treebank:sst2.tsv --out models/sentiment/1

FORMAT is `csv` (columns label, 0 or 1, and text, review or sentence), `ndjson` ({"text": …, "label": …}) or `treebank`
(tab-separated, words split as in the Penn Treebank). --out names the package: its last two parts are the model's name and version.
The last line is the metrics as JSON.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from profile_training.commands.arguments import add_training_arguments, parser_of
from profile_training.config.overrides import changed
from profile_training.package.writer import bytes_of, free_folder
from profile_training.sentiment.config import SENTIMENT_CONFIGS
from profile_training.sentiment.folding import folding_table
from profile_training.sentiment.ngram_regression import Bags, best_fits
from profile_training.sentiment.package import write_sentiment
from profile_training.sentiment.texts import READERS, Texts, read_texts
from profile_training.sentiment.tokenizer import Tokenizer, TokenizerSettings
from profile_training.sentiment.training import logits_of, take_in, train_sentiment


def main(arguments: list | None = None) -> None:
    args = parsed(arguments)
    torch.set_num_threads(args.threads)
    out = free_folder(args.out)
    config = changed(SENTIMENT_CONFIGS[args.config], args.set)
    tokenizer = Tokenizer(TokenizerSettings(config.buckets, config.units, config.longest_gram), folding_table())
    texts = read_texts(args.data, tokenizer)
    print(json.dumps(texts.counts), flush=True)

    bag, wide = best_fits(texts, config.buckets, args.seed)
    model, learned = train_sentiment(config, texts, args.minutes or config.minutes, args.seed)
    valid = {"model": round(take_in(model, wide, texts), 4), "network": round(learned.pop("valid"), 4),
             "bagOfGrams": round(bag.accuracy, 4)}
    metrics = {"test": figures(texts, model, bag), "valid": valid,
               "bagOfGrams": {"grams": bag.weighing, "l2": bag.decay, "epoch": bag.epoch}}
    training = {"config": args.config, "seed": args.seed, "data": texts.counts, **asdict(config), **learned}
    write_sentiment(out, model, tokenizer, metrics, training)
    print(f"wrote {out}: {bytes_of(out):,} bytes")
    print(json.dumps(metrics), flush=True)


def parsed(arguments: list | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("--data", required=True, action="append", metavar="FORMAT:PATH",
                        help=f"FORMAT is {', '.join(READERS)}; may be repeated")
    parser.add_argument("--out", required=True, type=Path, help="folder NAME/VERSION of the package")
    add_training_arguments(parser, SENTIMENT_CONFIGS, "CPU time at most, from reading the data to the last figures")
    return parser.parse_args(arguments)


def figures(texts: Texts, model, bag) -> dict:
    """Accuracy on the held-out texts, of all and of each data set: of the model, its network alone, the bag of n-grams, and each
    set's more frequent label."""
    rows = texts.of("test")
    labels, sets = texts.labels[rows], texts.sets[rows]
    right = {"model": (logits_of(model.logit, texts, rows) > 0) == labels,
             "network": (logits_of(model.read, texts, rows) > 0) == labels,
             "bagOfGrams": (bag.logits(Bags(texts, "test")) > 0) == labels}
    common = [texts.labels[texts.of("train")][texts.sets[texts.of("train")] == n].mean() > 0.5 for n in range(len(texts.names))]
    right["majority"] = np.array(common)[sets] == labels
    places = {"all": np.ones(len(rows), bool)} | {name: sets == n for n, name in enumerate(texts.names)}
    return {name: {"texts": int(where.sum()), **{who: round(float(r[where].mean()), 4) for who, r in right.items()}}
            for name, where in places.items() if where.any()}
