"""Trains a sentiment model on labelled texts, compares it with simpler ones on texts held out, and writes its package.

    python3 src/training/make_sentiment.py --data csv:reviews.csv --data treebank:sst2.tsv --out models/sentiment/1

FORMAT is `csv` (columns label, 0 or 1, and text, review or sentence), `ndjson` ({"text": …, "label": …}) or `treebank`
(tab-separated, words as the Penn Treebank cuts them). --out names the package: its last two parts are the model's name and version.
The last line is the metrics as JSON.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from bag_of_grams import Bags, best_fits
from events import DataError
from labelled_texts import READERS, Texts, read_texts
from make_package import changed, free_folder, natural, positive
from processor import restart_tuned
from sentiment_configs import SENTIMENT_CONFIGS
from sentiment_export import write_sentiment
from sentiment_train import logits_of, take_in, train_sentiment
from text_folding import folding_table
from text_tokens import Tokenizer, TokenizerSettings


def main() -> None:
    args = arguments()
    try:
        make(args)
    except (DataError, OSError) as error:
        sys.exit(f"make_sentiment: {error}")


def make(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    out = free_folder(args.out)
    config = changed(SENTIMENT_CONFIGS[args.config], args.set)
    tokenizer = Tokenizer(TokenizerSettings(config.buckets, config.units, config.longest_gram), folding_table())
    texts = read_texts(args.data, tokenizer)
    print(json.dumps(texts.counts), flush=True)

    bag, wide = best_fits(texts, config.buckets, args.seed)
    model, learned = train_sentiment(config, texts, args.minutes or config.minutes, args.seed)
    together = take_in(model, wide, texts)
    metrics = {"test": figures(texts, model, bag), "valid": {"model": round(together, 4), "network": round(learned.pop("valid"), 4),
                                                               "bagOfGrams": round(bag.accuracy, 4)},
               "bagOfGrams": {"grams": bag.weighing, "l2": bag.decay, "epoch": bag.epoch}}
    training = {"config": args.config, "seed": args.seed, "data": texts.counts, **asdict(config), **learned}
    write_sentiment(out, model, tokenizer, metrics, training)
    print(f"wrote {out}: {sum(f.stat().st_size for f in out.iterdir()):,} bytes")
    print(json.dumps(metrics), flush=True)


def figures(texts: Texts, model, bag) -> dict:
    """Accuracy on the texts held out, of all and of each data set: of the model, its network alone, the bag of n-grams, and the set's
    more frequent label."""
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


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, action="append", metavar="FORMAT:PATH", help=f"FORMAT is {', '.join(READERS)}; may be repeated")
    parser.add_argument("--out", required=True, type=Path, help="folder NAME/VERSION of the package")
    parser.add_argument("--config", choices=SENTIMENT_CONFIGS, default="base")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="changes one value of the configuration")
    parser.add_argument("--minutes", type=positive, help="CPU time at most, from reading the data to the last figures")
    parser.add_argument("--seed", type=natural, default=1)
    parser.add_argument("--threads", type=natural, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    restart_tuned()
    main()
