"""Trains a sentiment model on labelled texts, compares it with simpler ones on held-out texts, and writes its package.

    python3 src/training/make_sentiment.py --data csv:reviews.csv --data treebank:sst2.tsv --out models/sentiment/5

FORMAT is `csv` (columns label, and text, review or sentence), `tsv` (the same, split by tabs), `phrases` (the same, of phrases that
may lie within each other), `treebank` (the same, words split as in the Penn Treebank), `ndjson` ({"text": …, "label": …}), `requests`
(tab-separated, columns intent and text: no opinions), `lexicon` (words, columns label and text, all for training; a label may be any
probability of praise) or `emoji` (columns Emoji, Negative, Neutral, Positive). A label is 0 or negative, 1 or positive, or neutral.
Texts that are made up are added. --out names the package: its last two parts are the
model's name and version. The last line is the metrics as JSON.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import torch

from profile_training.commands.arguments import add_training_arguments, parser_of
from profile_training.config.overrides import changed
from profile_training.package.writer import bytes_of, free_folder
from profile_training.sentiment.config import SENTIMENT_CONFIGS
from profile_training.sentiment.figures import figures
from profile_training.sentiment.folding import folding_table
from profile_training.sentiment.known import learn_words
from profile_training.sentiment.network import SentimentModel
from profile_training.sentiment.ngram_regression import best_fits
from profile_training.sentiment.package import write_sentiment
from profile_training.sentiment.sources import READERS
from profile_training.sentiment.texts import read_texts
from profile_training.sentiment.tokenizer import Tokenizer, TokenizerSettings
from profile_training.sentiment.training import take_in, train_sentiment

LEAST_OPINION = 0.5  # the probability from which on a text states an opinion; probabilities are fitted on validation


def main(arguments: list | None = None) -> None:
    args = parsed(arguments)
    torch.set_num_threads(args.threads)
    out = free_folder(args.out)
    config = changed(SENTIMENT_CONFIGS[args.config], args.set)
    tokenizer = Tokenizer(TokenizerSettings(config.hashes, config.units, config.longest_gram), folding_table())
    texts = read_texts(args.data, tokenizer, args.seed, config.invented)
    print(json.dumps(texts.counts), flush=True)

    torch.manual_seed(args.seed)
    model = SentimentModel.of(config)
    print(f"{learn_words(model, texts, tokenizer):,} units and beginnings of words are known", flush=True)
    bag, wide = best_fits(texts, model.shape, args.seed)
    learned = train_sentiment(model, config, texts, args.minutes or config.minutes, args.seed)
    valid = {"model": round(take_in(model, wide, texts), 4), "network": round(learned.pop("valid"), 4),
             "bagOfGrams": round(bag.accuracy, 4)}
    metrics = {"test": figures(texts, model, bag, LEAST_OPINION), "valid": valid,
               "bagOfGrams": {"grams": bag.weighing, "epoch": bag.epoch}}
    training = {"config": args.config, "seed": args.seed, "data": texts.counts, **asdict(config), **learned}
    write_sentiment(out, model, tokenizer, LEAST_OPINION, metrics, training)
    print(f"wrote {out}: {bytes_of(out):,} bytes")
    print(json.dumps(metrics), flush=True)


def parsed(arguments: list | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("--data", required=True, action="append", metavar="FORMAT:PATH",
                        help=f"FORMAT is {', '.join(READERS)}; may be repeated")
    parser.add_argument("--out", required=True, type=Path, help="folder NAME/VERSION of the package")
    add_training_arguments(parser, SENTIMENT_CONFIGS, "CPU time at most, from reading the data to the last figures")
    return parser.parse_args(arguments)
