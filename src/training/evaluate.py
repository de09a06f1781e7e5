"""Asks a package for HR@10 and NDCG@10, by the training code; `profiles model evaluate` asks the same by the service's.

    python3 src/training/evaluate.py --package models/shop/1 --data events:shop.ndjson
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from contents import read_contents
from events import DataError
from export import load_encoder, load_model
from prepare import Source, add_arguments, read
from processor import restart_tuned
from protocol import HELD, next_item
from windows import encode_histories


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--package", required=True, type=Path)
    parser.add_argument("--items", type=Path, metavar="FILE", help="items' content vectors, for a package that takes them")
    parser.add_argument("--part", choices=HELD, default="test")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if not (args.package / "manifest.json").exists():
        sys.exit(f"evaluate: {args.package} is no folder of a package: it has no manifest.json")
    if not (args.package / "items.f32").exists():
        sys.exit(f"evaluate: {args.package} has no item vectors to rank; neighbours.py is for models of any catalogue")
    try:
        prepared, contents = read(Source.parse(args)), read_contents(args.items) if args.items else {}
        encoder = load_encoder(args.package, contents)
    except (DataError, OSError) as error:
        sys.exit(f"evaluate: {error}")
    data = encode_histories(prepared.histories, prepared.people, encoder)
    print(json.dumps({"part": args.part, **next_item(load_model(args.package), data, args.part)}))


if __name__ == "__main__":
    restart_tuned()
    main()
