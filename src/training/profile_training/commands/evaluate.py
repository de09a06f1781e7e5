"""Measures HR@10 and NDCG@10 of a package by the training code; `profiles model evaluate` measures them by the service's code.

    python3 src/training/evaluate.py --package models/shop/1 --data events:shop.ndjson
"""

import argparse
import json
from pathlib import Path

import torch

from profile_training.commands.arguments import parser_of
from profile_training.data.histories import read
from profile_training.data.items import read_items, with_categories
from profile_training.data.source import Source, add_arguments
from profile_training.encoding.histories import encode_histories
from profile_training.errors import DataError
from profile_training.evaluation.leave_one_out import HELD, next_item
from profile_training.package.reader import load_encoder, load_model


def main(arguments: list | None = None) -> None:
    args = parsed(arguments)
    torch.set_num_threads(args.threads)
    if not (args.package / "manifest.json").exists():
        raise DataError(f"{args.package} is not the folder of a package: it has no manifest.json")
    if not (args.package / "items.f32").exists():
        raise DataError(f"{args.package} has no item vectors to rank; neighbours.py is for models of any catalogue")
    items = read_items(args.items)
    log, encoder = with_categories(read(Source.parse(args)), items), load_encoder(args.package, items.contents)
    data = encode_histories(log.histories, log.attributes, encoder)
    print(json.dumps({"part": args.part, **next_item(load_model(args.package), data, args.part)}))


def parsed(arguments: list | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    add_arguments(parser)
    parser.add_argument("--package", required=True, type=Path)
    parser.add_argument("--items", type=Path, metavar="FILE", help="items as POST /v1/items takes them: categories of events without any, content")
    parser.add_argument("--part", choices=HELD, default="test")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args(arguments)
