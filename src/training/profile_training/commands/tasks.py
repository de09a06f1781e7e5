"""Asks a package's frozen vectors many questions, and simple rivals the same.

    python3 src/training/tasks.py --package models/shop/1 --data events:shop.ndjson --attributes users.ndjson

The vector of each user is computed from the first events alone (--after, or those before --until) and never from attributes; a ridge
regression on it answers what comes next and what is known of the user. Users are those that the package held out (make_package.py
--hold-out); where it held out nobody, all users are asked, and the first line says so. Rivals are fitted on the same events.
A figure is the mean over five foldings of five folds; ± is its standard error: the deviation over a package's folds ÷ √(5 × packages). The
foldings are of the same people and not independent, so that all five count as one.

--forgotten FILE measures instead whether users are recognisable in the packages.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from profile_training.commands.arguments import moment, natural, parser_of, refuse_read_file, written_file
from profile_training.commands.forgotten import add_forgotten_arguments, show_forgotten
from profile_training.data.fields import check_id, finite
from profile_training.data.files import json_rows, written
from profile_training.data.held_out_users import HeldOutUsers
from profile_training.data.histories import read
from profile_training.data.items import read_items, with_categories
from profile_training.data.source import Source, add_arguments
from profile_training.encoding.encoder import Encoder
from profile_training.errors import BadRow, DataError
from profile_training.package.reader import encoder_with, load_model, training_of
from profile_training.probes.probe import FOLDS, measured
from profile_training.probes.people import people_of
from profile_training.probes.questions import questions_of
from profile_training.probes.vectors import vectors_of


def main(arguments: list | None = None) -> None:
    args = parsed(arguments)
    torch.set_num_threads(args.threads)
    packages = [*args.package, *([args.reference] if args.reference else [])]
    items, found = read_items(args.items), {}
    encoders = {package: encoder_with(package, items.contents) for package in packages}
    log = with_categories(read(Source.parse(args)), items)
    if args.forgotten:
        return show_forgotten(args, log, encoders)
    labels = labels_of(args.labels) if args.labels else {}
    for package in args.package:
        ask(package, log, labels, encoders[package], args, found)
    rows = [row_of(question, measure, folds) for (question, measure), folds in found.items()]
    show(rows)
    if args.json:
        with written(args.json) as file:
            file.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")


def parsed(arguments: list | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    add_arguments(parser)
    parser.add_argument("--package", required=True, type=Path, action="append",
                        help="may be given several times: each is asked about the users that it held out")
    parser.add_argument("--labels", type=Path, metavar="FILE",
                        help="more questions: one JSON object per line, with userId and a field for each question")
    parser.add_argument("--items", type=Path, metavar="FILE",
                        help="items as POST /v1/items takes them: categories of events without any, content")
    known = parser.add_mutually_exclusive_group()
    known.add_argument("--after", type=natural, default=15, metavar="N", help="vectors are of the first N events (%(default)s)")
    known.add_argument("--until", type=moment, metavar="TIME", help="vectors are of the events before this moment")
    parser.add_argument("--json", type=written_file, metavar="FILE", help="writes the table here, too")
    parser.add_argument("--threads", type=natural, default=1)
    add_forgotten_arguments(parser)
    args = parser.parse_args(arguments)
    if args.reference and not args.forgotten:
        parser.error("--reference needs --forgotten")
    refuse_read_file(parser, args, ("json",), ("labels", "forgotten"))
    return args


def labels_of(path: Path) -> dict:
    """{user: {name: value}} of a file's fields apart from userId and attributes; numbers are finite, as the service reads them."""
    found = {}
    for number, row in json_rows(path):
        try:
            user = check_id("userId", row.get("userId"))
            found[user] = {name: label(name, value) for name, value in row.items()
                           if name not in ("userId", "attributes") and value is not None}
        except BadRow as error:
            raise DataError(f"{path} line {number}: {error}") from None
    return found


def label(name: str, value):
    if isinstance(value, list):
        return [label(name, part) for part in value]
    return finite(name, value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def ask(package: Path, log, labels: dict, encoder: Encoder, args, found: dict) -> None:
    """Adds the folds of one package to `found`: {(question, measure): {vector: [folds, ...]}}."""
    held_out = HeldOutUsers.parse(training_of(package).get("heldOutUsers"))
    people = people_of(log, args.after if args.until is None else None, args.until, held_out, labels)
    print(f"{package}: {len(people.users):,} users, " + ("which it never saw" if held_out.part else "which it may have been trained on"))
    questions = questions_of(people)
    if not questions:
        raise DataError("none of the questions can be asked of this data: the answers are too few, or all alike")
    vectors = vectors_of(people, load_model(package), encoder)
    for question in questions:
        columns = found.setdefault((question.name, question.measure), {})
        for name, cells in vectors.items():
            columns.setdefault(name, []).append(measured(cells, question, people.users))


def row_of(question: str, measure: str, columns: dict) -> dict:
    """{"question", "measure", vector: {"mean", "error"}}; several packages are averaged."""
    row = {"question": question, "measure": measure}
    for name, folds in columns.items():
        every = np.stack(folds)                                                   # (P, FOLDINGS, FOLDS)
        error = np.nanstd(every, axis=(1, 2)) / np.sqrt(FOLDS * len(folds))  # foldings of the same people are not independent
        row[name] = {"mean": round(float(np.nanmean(every)), 4), "error": round(float(error.mean()), 4)}
    return row


def show(rows: list) -> None:
    names = [name for name in rows[0] if name not in ("question", "measure")]
    print(f"{'question':34}" + "".join(f"{name:>19}" for name in names))
    for row in rows:
        cells = "".join(f"{row[name]['mean']:>11.3f} ± {row[name]['error']:.3f}" for name in names)
        print(f"{row['question'] + ', ' + row['measure']:34}{cells}", flush=True)
