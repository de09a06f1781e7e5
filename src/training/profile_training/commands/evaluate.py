"""Measures HR@10 and NDCG@10 of a package by the training code; `profiles model evaluate` measures them by the service's code.

    python3 src/training/evaluate.py --package models/shop/1 --data events:shop.ndjson

Windows are by the rules of the package's manifest. --clock splits all users at one moment instead of each at the last events.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from profile_training.commands.arguments import moment, natural, parser_of
from profile_training.commands.window_arguments import add_window_arguments, given
from profile_training.data.feedback import RatingScale
from profile_training.data.histories import read
from profile_training.data.items import read_items, with_categories
from profile_training.data.source import Source, add_arguments
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.window_rules import SERVICE_MAX_AGE, SERVICE_MAX_EVENTS, WindowRules
from profile_training.errors import DataError
from profile_training.evaluation.clock import held_out_at, next_item_at
from profile_training.evaluation.leave_one_out import HELD, held_out, next_item
from profile_training.package.reader import checked_manifest, encoder_with, load_model, training_of


def main(arguments: list | None = None) -> None:
    args = parsed(arguments)
    torch.set_num_threads(args.threads)
    manifest = checked_manifest(args.package)
    if "items.f32" not in manifest["files"]:
        raise DataError(f"{args.package} has no item vectors to rank; neighbours.py is for models of any catalogue")
    if any(training_of(args.package).get(name) for name in ("wholeLogEpochs", "wholeLogCounted")):
        print(f"{args.package} was trained on its whole log after its own figures were measured, which stand in its manifest: "
              f"for events of that log the figures here are too good", file=sys.stderr)
    items = read_items(args.items)
    log, encoder = with_categories(read(Source.parse(args)), items), encoder_with(args.package, items.contents)
    data = encode_histories(log.histories, log.attributes, encoder, rules_of(args, manifest, encoder.max_events),
                            RatingScale.of(manifest))
    if args.clock is None:
        if not held_out(data, args.part)[0]:
            raise DataError("--data: nobody can be measured: that takes users with at least 4 events and a target that is not masked; "
                            "give the log with its users' whole histories, or another --mask")
        print(json.dumps({"part": args.part, **next_item(load_model(args.package), data, args.part)}))
    elif held_out_at(data, args.clock)[0]:
        print(json.dumps({"part": "clock", **next_item_at(load_model(args.package), data, args.clock)}))
    else:
        raise DataError("--clock: no user has an event up to this moment and one of another item after it")


def rules_of(args: argparse.Namespace, manifest: dict, max_events: int) -> WindowRules:
    """Those of the package but for what the arguments change; at a moment the service's defaults where the package states none."""
    states = "windowRules" in manifest or args.clock is None
    return given(args, WindowRules.of(manifest, max_events) if states else WindowRules(SERVICE_MAX_EVENTS, SERVICE_MAX_AGE))


def parsed(arguments: list | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    add_arguments(parser)
    parser.add_argument("--package", required=True, type=Path)
    parser.add_argument("--items", type=Path, metavar="FILE",
                        help="items as POST /v1/items takes them: categories of events without any, content")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--part", choices=HELD, default="test")
    what.add_argument("--clock", type=moment, metavar="TIME", help="what users did after this moment, from what they did up to it")
    add_window_arguments(parser, "the package's", "the package's", "the package's; with --clock always window")
    parser.add_argument("--threads", type=natural, default=1)
    args = parser.parse_args(arguments)
    if args.clock is not None and args.mask == "history":
        parser.error("--mask history cannot be given with --clock, which leaves out the items of the window: leave out --mask")
    return args
