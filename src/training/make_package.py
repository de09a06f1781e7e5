"""Trains a model and writes its package: prepare, train, evaluate, export.

    python3 src/training/make_package.py --data events:demo/events.ndjson --attributes demo/users.ndjson \\
        --config tiny --out tests/packages/tiny/1

--out names the package: its last two parts are the model's name and version. Stopped by Ctrl-C or a failure, the same command
goes on where its last validation was. --from goes on with the weights of a package on more data, in a quarter of the epochs.
"""

import argparse
import json
import math
import sys
from dataclasses import asdict, fields, replace
from pathlib import Path

import torch

from align import align
from configs import CONFIGS, Config
from contents import dimension_of, read_contents
from encode import Encoder, size_of
from events import DataError
from export import check_size, load_encoder, load_model, write_package
from golden import golden_windows, with_strangers
from model import ProfileModel, Shape
from prepare import Prepared, Source, add_arguments, read
from processor import restart_tuned
from protocol import HELD, held_out
from run_folder import RunFolder
from schema import grown_schema, hashed_schema, vocabulary_schema
from starter_model import StarterModel, StarterShape
from train import train
from transfer import carry_over
from windows import encode_histories


def main() -> None:
    args = arguments()
    try:
        make(args)
    except (DataError, OSError) as error:
        sys.exit(f"make_package: {error}")
    except KeyboardInterrupt:
        sys.exit("\nstopped; the same command goes on from the last validation")


def make(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    out = free_folder(args.out)
    config = CONFIGS[args.config]
    config = changed(continued(config, args.from_package) if args.from_package else config, args.set)
    source = Source.parse(args)
    prepared = read(source)
    print(json.dumps(prepared.counts), flush=True)

    contents = with_strangers(read_contents(args.items)) if args.items else {}
    encoder = encoder_of(config, prepared, args.from_package, contents)
    data = encode_histories(prepared.histories, prepared.people, encoder)
    if not all(held_out(data, part)[0] for part in HELD):
        raise DataError(f"{source.path}: nobody can be asked: it takes users with at least 4 events whose last two items are new to them")
    model = model_of(config, encoder.inputs).to("cuda" if torch.cuda.is_available() else "cpu")
    check_size(model)
    if args.from_package or args.encoder_from:
        carry_over(model, args.from_package or args.encoder_from, same_catalogue=args.from_package is not None)

    minutes = args.minutes or config.minutes
    settings = {name: str(value) for name, value in vars(args).items() if name not in ("out", "run", "threads")}
    run = RunFolder(args.run or out.with_name(out.name + ".run"), settings | {"config": asdict(config), "inputs": encoder.inputs})
    model, metrics, learned = train(config, data, model, run, minutes, args.seed)
    model = model.cpu()
    print(json.dumps(metrics), flush=True)

    more = {"training": {"config": args.config, "seed": args.seed, "data": prepared.counts, **asdict(config), **learned}}
    if args.from_package:
        more["alignment"] = align(model, data, prepared, args.from_package, contents)
    write_package(out, model, encoder, golden_windows(prepared.histories, prepared.people, config.max_events), metrics, more)
    run.finish()
    print(f"wrote {out}: {sum(f.stat().st_size for f in out.iterdir()):,} bytes; curve in {run.folder}/curve.svg")


def free_folder(path: Path) -> Path:
    """Where a package may be written: nothing is there, or an older package is."""
    path = path.resolve()
    there = list(path.iterdir()) if path.is_dir() else [path] if path.exists() else []
    if there and (not (path / "manifest.json").exists() or any(entry.is_dir() for entry in there)):
        raise DataError(f"--out {path} holds something else than a package: name a folder NAME/VERSION")
    return path


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--out", required=True, type=Path, help="folder NAME/VERSION of the package")
    parser.add_argument("--items", type=Path, metavar="FILE", help="items' content vectors, one JSON object with itemId and content a line")
    parser.add_argument("--config", choices=CONFIGS, default="base")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="changes one value of the configuration")
    parser.add_argument("--minutes", type=positive, help="CPU time for training at most")
    parser.add_argument("--seed", type=natural, default=1)
    parser.add_argument("--threads", type=natural, default=1)
    parser.add_argument("--run", type=Path, help="folder for checkpoint and curve (OUT.run)")
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--from", dest="from_package", type=Path, metavar="PACKAGE", help="go on with this package on more data")
    start.add_argument("--encoder-from", type=Path, metavar="PACKAGE", help="begin with the layers of a package of another catalogue")
    return parser.parse_args()


def positive(text: str) -> float:
    number = float(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def natural(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number above 0")
    return int(text)


def continued(config: Config, package: Path) -> Config:
    """The configuration for going on with a package: of its shape, with a quarter of the epochs."""
    if load_encoder(package).inputs["items"]["encoding"] != "vocabulary":
        raise DataError(f"--from {package} is a model of any catalogue: nothing in it is of one; leave out --from")
    shape = load_model(package).shape
    found = json.loads((package / "manifest.json").read_text("utf-8")).get("training", {})
    same = {name: getattr(shape, name) for name in ("dimension", "towers", "heads", "layers", "max_events", "attention", "local")
            if hasattr(shape, name)}
    return replace(config, **same, temperature=found.get("temperature", config.temperature), epochs=max(1, config.epochs // 4))


def changed(config: Config, settings: list) -> Config:
    """The configuration with NAME=VALUE settings; a value has the type of the one that it replaces."""
    types = {field.name: type(getattr(config, field.name)) for field in fields(config)}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name not in types:
            raise DataError(f"--set {setting}: expected NAME=VALUE with NAME one of {', '.join(types)}")
        try:
            value = tuple_like(getattr(config, name), text) if types[name] is tuple else types[name](text)
        except ValueError:
            raise DataError(f"--set {setting}: {text!r} is no {types[name].__name__}") from None
        config = replace(config, **{name: value})
    return config


def tuple_like(old: tuple, text: str) -> tuple:
    return tuple(type(old[0])(part) if old else part for part in text.split(",") if part)


def encoder_of(config: Config, prepared: Prepared, package: Path | None, contents: dict) -> Encoder:
    content = {"content": {"dimension": dimension_of(contents)}} if contents else {}
    if package:
        before = load_encoder(package)
        if before.inputs.get("content") != content.get("content"):
            raise DataError(f"--from {package} takes content of {before.inputs.get('content', {}).get('dimension', 0)} numbers, "
                            f"--items has {dimension_of(contents) if contents else 0}: they must be the same")
        return Encoder(*grown_schema(before.inputs, before.vocabulary, prepared.histories, prepared.people), before.max_events, contents)
    if config.objective == "nearest-users":
        if contents:
            raise DataError("--items is for the model of one catalogue; a starter takes no content")
        return Encoder(*hashed_schema(config), config.max_events)
    inputs, vocabulary = vocabulary_schema(config, prepared.histories, prepared.people)
    return Encoder({**inputs, **content}, vocabulary, config.max_events, contents)


def model_of(config: Config, inputs: dict) -> torch.nn.Module:
    rows = {name: size_of(inputs[name]) for name in ("items", "categories", "kinds", "gaps")}
    attributes = tuple(size_of(a) for a in inputs["attributes"])
    if config.objective == "nearest-users":
        return StarterModel(StarterShape(config.dimension, config.width, config.heads, config.layers, config.max_events,
                                         rows["kinds"], rows["gaps"], attributes), config.dropout)
    return ProfileModel(Shape(config.dimension, config.towers, config.heads, config.layers, config.max_events, config.attention, config.local,
                              **rows, values=inputs["values"]["encoding"] != "none", attributes=attributes,
                              content=inputs.get("content", {}).get("dimension", 0)), config.dropout)


if __name__ == "__main__":
    restart_tuned()
    main()
