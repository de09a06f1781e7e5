"""Trains a model and writes its package: read, encode, train, align, export.

    python3 src/training/make_package.py --data events:demo/events.ndjson --attributes demo/users.ndjson \\
        --config tiny --out tests/packages/tiny/1

--out names the package: its last two parts are the model's name and version. After Ctrl-C or a failure the same command resumes
after its last validation. --from goes on with the weights of a package on more data, in a quarter of the time. Vectors are aligned
with those of the version before, the folder beside --out, also where training begins anew. --from PACKAGE --forget FILE makes a package
forget users.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import torch

from profile_training.commands.arguments import add_training_arguments, parser_of
from profile_training.commands.encoders import categories_of, encoder_of
from profile_training.commands.going_on import continued, log_end, predecessor_of, show, with_epochs
from profile_training.commands.privacy import add_ledger_argument, privacy_of
from profile_training.commands.refit import add_refit_argument, hold_out_of, refit_config, remaining, show_spent, warn_of_known
from profile_training.commands.version_before import to_align_with
from profile_training.commands.window_arguments import add_window_arguments, given
from profile_training.config import CONFIGS
from profile_training.config.config import Config, refuse_unread
from profile_training.config.overrides import changed
from profile_training.counting.categories import Categories, named
from profile_training.counting.fit import fit, fit_seconds, fit_shares, ill_scaled
from profile_training.data.feedback import RatingScale
from profile_training.data.files import sha256_of
from profile_training.data.held_out_users import HeldOutUsers
from profile_training.data.histories import EventLog, read
from profile_training.data.items import read_items, with_categories
from profile_training.data.source import Source, add_arguments
from profile_training.encoding.encoder import FIRST, Encoder
from profile_training.encoding.histories import EncodedHistories, encode_histories
from profile_training.encoding.scales import with_scales_of
from profile_training.encoding.window_rules import SERVICE_MAX_AGE, WindowRules
from profile_training.evaluation.leave_one_out import check_targets, trained_lengths
from profile_training.launch import STOPPED
from profile_training.loop.run_folder import CONTENT, RunFolder, run_folder
from profile_training.loop.training import train
from profile_training.model.factory import model_of
from profile_training.package.alignment import align
from profile_training.package.golden import golden_windows, with_strangers
from profile_training.package.graph import check_size
from profile_training.package.new_rows import begin_new_rows
from profile_training.package.reader import MANIFEST, checked_manifest, load_encoder
from profile_training.package.refit_start import keep_part
from profile_training.package.warm_start import carry_over, keep_facts
from profile_training.package.writer import bytes_of, free_folder, write_package


def main(arguments: list | None = None) -> None:
    args = parsed(arguments)
    try:
        make(args)
    except KeyboardInterrupt:
        print("\nstopped; the same command resumes after the last validation", file=sys.stderr)
        sys.exit(STOPPED)


def parsed(arguments: list | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    add_arguments(parser)
    parser.add_argument("--out", required=True, type=Path, help="folder NAME/VERSION of the package")
    parser.add_argument("--items", type=Path, metavar="FILE",
                        help="items as POST /v1/items takes them, one a line: categories of events without any, content")
    add_training_arguments(parser, CONFIGS, "CPU time for training at most")
    parser.add_argument("--hold-out", type=HeldOutUsers.parse, default=HeldOutUsers(), metavar="PART/PARTS",
                        help="users that are left out, for tasks.py to ask about: 0/5 is one in five")
    parser.add_argument("--run", type=Path, help="folder for checkpoint and curve (OUT.run)")
    add_window_arguments(parser, f"{SERVICE_MAX_AGE}; none for sequences, which have no times", "what the model reads", "history")
    parser.add_argument("--rating-scale", type=RatingScale.parse, metavar="LOW-HIGH",
                        help="the worst and the best rating (1-5; with --from the package's)")
    parser.add_argument("--align-with", type=Path, metavar="PACKAGE",
                        help="whose vectors the new ones are comparable with, or none (the version before it in the folder of --out)")
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--from", dest="from_package", type=Path, metavar="PACKAGE", help="go on with this package on more data")
    start.add_argument("--encoder-from", type=Path, metavar="PACKAGE", help="begin with the layers of a package of another catalogue")
    add_refit_argument(parser)
    add_ledger_argument(parser)
    args = parser.parse_args(arguments)
    if args.run and args.out.resolve() in (args.run.resolve(), *args.run.resolve().parents):
        parser.error("--run must be outside of --out, the folder that the package takes whole")
    if args.forget and not args.from_package:
        parser.error("--forget needs --from, the package that is to forget")
    if args.align_with and args.from_package:
        parser.error("--align-with cannot be given with --from: vectors are aligned with those of that package")
    return args


def make(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    out = free_folder(args.out)
    folder = run_folder(args.run or out.with_name(out.name + ".run"))
    config = config_of(args)
    args.hold_out = hold_out_of(args)
    minutes = args.minutes or config.minutes
    before = args.from_package or to_align_with(args.align_with, out, config)
    if before and not args.from_package:
        warn_of_known(args.hold_out, before, "factors of categories and scales of facts", "give --align-with none")
    package, kept = (None, None) if args.forget else (args.from_package, before)  # a refit goes on with nothing that was counted
    items, source = read_items(args.items), Source.parse(args)
    log = remaining(with_categories(read(source), items), args)
    print(json.dumps(log.counts), flush=True)

    contents = with_strangers(items.contents) if items.contents else {}
    encoder, ratings = encoder_of(config, log, package, contents), ratings_of(args)
    if before and not args.from_package:
        encoder.inputs = with_scales_of(load_encoder(before).inputs, encoder.inputs)
    data = encode_histories(log.histories, log.attributes, encoder, rules_of(args, encoder.max_events), ratings)
    check_targets(data, args.data)
    counted = config.lasting and encoder.vocabulary
    categories = categories_of(log, trained_lengths(data), kept, package is not None) if counted else named([])
    predecessor = predecessor_of(package, data, source.timed, config.replay) if package else None
    config_before = config  # its epochs do not follow from the data
    if predecessor:
        config = with_epochs(config, args.set, predecessor, data)
    model = fitted(new_model(config, encoder, args, categories), categories, log, data, encoder, kept)
    if predecessor:
        begin_new_rows(model, predecessor.model.shape.items - FIRST, data, trained_lengths(data), encoder)

    run = RunFolder(folder, settings_of(args, config_before, encoder, data, before))
    model, metrics, learned = train(config, data, model, run, minutes, args.seed, predecessor)
    model = model.cpu()
    print(json.dumps(metrics), flush=True)
    if predecessor:
        show(metrics, out, args.from_package)

    training = {"config": args.config, "seed": args.seed, "data": log.counts, "logEnd": log_end(log, source.timed)}
    more = {**privacy_of(args, before), "segments": model.segments(), "windowRules": data.rules.manifest(), **ratings.manifest(),
            "training": {**training, **asdict(config), **learned}}
    if args.hold_out.part:
        more["training"]["heldOutUsers"] = args.hold_out.part
    if before and (alignment := align(model, encoder, data, log, before)):
        more["alignment"] = alignment
    write_package(out, model, encoder, golden_windows(log.histories, log.attributes, config.max_events), metrics, more)
    run.finish()
    print(f"wrote {out}: {bytes_of(out):,} bytes; curve in {run.folder}/curve.svg")
    if args.forget:
        show_spent(metrics["cpuSeconds"], minutes)


def rules_of(args: argparse.Namespace, max_events: int) -> WindowRules:
    return given(args, WindowRules(max_events, None if args.data.startswith("sequences:") else SERVICE_MAX_AGE))


def ratings_of(args: argparse.Namespace) -> RatingScale:
    return args.rating_scale or RatingScale.of(checked_manifest(args.from_package) if args.from_package else {})


def config_of(args: argparse.Namespace) -> Config:
    config = CONFIGS[args.config]
    if args.from_package:
        config = (refit_config if args.forget else continued)(config, args.from_package)
    if args.encoder_from:
        checked_manifest(args.encoder_from)
    config = changed(config, args.set)
    refuse_unread(config, args.set)
    return config


def fitted(model, categories: Categories, log: EventLog, data: EncodedHistories, encoder: Encoder, before: Path | None):
    """The model with what is counted of the log, and with the scales of the version before."""
    if getattr(model, "shares", None) is not None:
        fit_shares(model.shares, categories, log.histories, encoder.vocabulary)
    fit_seconds(model, encoder.inputs["gaps"].get("bounds", ()))
    if before:
        keep_facts(model, before)
    kept = bool(before and model.shape.lasting and model.facts.scale.any())
    if encoder.vocabulary:  # of a starter nothing is counted
        fit(model, data, trained_lengths(data))
    if kept:
        show_ill_scaled(model, data, before)
    return model


def show_ill_scaled(model, data: EncodedHistories, before: Path) -> None:
    if found := ill_scaled(model.facts, data, trained_lengths(data)):
        print(f"facts have the scales of {before}, which are of another log: {'; '.join(found)}. Training anew with --align-with none "
              f"takes scales of this log", file=sys.stderr)


def new_model(config: Config, encoder: Encoder, args: argparse.Namespace, categories: Categories) -> torch.nn.Module:
    model = model_of(config, encoder.inputs, categories.length, categories.factors).to("cuda" if torch.cuda.is_available() else "cpu")
    check_size(model)
    if args.forget:
        keep_part(model, encoder, args.from_package, config.keep)
    elif args.from_package or args.encoder_from:
        carry_over(model, args.from_package or args.encoder_from, same_catalogue=args.from_package is not None)
    return model


def settings_of(args: argparse.Namespace, config: Config, encoder: Encoder, data: EncodedHistories, before: Path | None) -> dict:
    """What must be the same for a run to be resumed. `before` is the package that it goes on with or is aligned with."""
    arguments = {name: str(value) for name, value in vars(args).items() if name not in ("out", "run", "threads")}
    return arguments | {"config": asdict(config), "inputs": encoder.inputs, CONTENT: data.digest(),
                        "version before it": before and sha256_of(before / MANIFEST)}
