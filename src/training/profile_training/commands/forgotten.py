"""tasks.py --forgotten FILE: whether packages make users recognisable whom they are to have forgotten.

They are compared with users that the package held out (make_package.py --hold-out). With --reference the loss that a package which saw
neither gives a user is subtracted: some users are easier to guess than others, whoever was trained on them.
"""

import argparse
import json
from pathlib import Path

from profile_training.data.feedback import RatingScale
from profile_training.data.files import written
from profile_training.data.forgotten_users import ForgottenUsers
from profile_training.data.held_out_users import HeldOutUsers
from profile_training.data.histories import EventLog
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.errors import DataError
from profile_training.package.reader import checked_manifest, load_model, training_of
from profile_training.probes.membership import compared, losses, only_theirs

USUAL_TEMPERATURE = 0.1


def add_forgotten_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--forgotten", type=ForgottenUsers.read, metavar="FILE",
                        help="instead of the questions: whether these users, ids one a line, are recognisable")
    parser.add_argument("--reference", type=Path, metavar="PACKAGE",
                        help="with --forgotten: a package that saw neither them nor those held out, whose loss is subtracted")


def show_forgotten(args: argparse.Namespace, log: EventLog, encoders: dict) -> None:
    """`encoders` are {package: Encoder}."""
    rows = [row_of(package, log, args.forgotten, args.reference, encoders) for package in args.package]
    print(f"{'package':34}{'users':>12}{'loss forgotten':>16}{'loss held out':>16}{'AUC':>18}{'only theirs':>14}")
    for row in rows:
        users, found = f"{row['forgotten']} + {row['heldOut']}", f"{row['auc']['mean']:.4f} ± {row['auc']['error']:.4f}"
        print(f"{row['package']:34}{users:>12}{row['lossForgotten']:>16.4f}{row['lossHeldOut']:>16.4f}{found:>18}{row['onlyTheirs']:>14}")
    if args.json:
        with written(args.json) as file:
            file.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")


def row_of(package: Path, log: EventLog, forgotten: ForgottenUsers, reference: Path | None, encoders: dict) -> dict:
    held_out = HeldOutUsers.parse(training_of(package).get("heldOutUsers"))
    if not held_out.part:
        raise DataError(f"{package} held out no users to compare with: train it with --hold-out")
    asked = {user: events for user, events in log.histories.items() if user in forgotten or held_out(user)}
    own = losses_of(package, asked, encoders[package])
    if reference:
        theirs = losses_of(reference, asked, encoders[reference])
        own = {user: loss - theirs[user] for user, loss in own.items() if user in theirs}
    lengths = {user: len(asked[user]) for user in own}
    pairs = compared({user: n for user, n in lengths.items() if not held_out(user)},
                     {user: n for user, n in lengths.items() if held_out(user)})
    auc, error = pairs.auc(own)
    return {"package": str(package), "forgotten": len(pairs.forgotten), "heldOut": len(pairs.strangers),
            "lossForgotten": mean(own, pairs.forgotten), "lossHeldOut": mean(own, pairs.strangers),
            "auc": {"mean": round(auc, 4), "error": round(error, 4)},
            "onlyTheirs": only_theirs(log.histories, forgotten, encoders[package].vocabulary["items"])}


def losses_of(package: Path, histories: dict, encoder: Encoder) -> dict:
    if encoder.inputs["items"]["encoding"] != "vocabulary":
        raise DataError(f"{package} has no item vectors to rank")
    temperature = training_of(package).get("temperature") or USUAL_TEMPERATURE
    if not histories:
        raise DataError("--data has no events of the forgotten users, nor of users that the package held out")
    ratings = RatingScale.of(checked_manifest(package))
    return losses(load_model(package), encode_histories(histories, {}, encoder, ratings=ratings), temperature)


def mean(losses: dict, users: list) -> float:
    return round(float(sum(losses[user] for user in users) / len(users)), 4)
