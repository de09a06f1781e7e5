"""--from PACKAGE --forget IDS: all that counting says of the log, and the vocabularies, anew and without the users; the network begins with
a part of the package's weights and learns the rest of the log for a few minutes."""

import argparse
import time
from dataclasses import replace
from pathlib import Path

from profile_training.commands.going_on import shaped
from profile_training.config.config import Config
from profile_training.data.forgotten_users import ForgottenUsers
from profile_training.data.held_out_users import HeldOutUsers
from profile_training.data.histories import EventLog
from profile_training.package.reader import read_json

MINUTES = 5.0
SHARE = 0.5  # of the epochs of a whole training


def add_refit_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--forget", type=ForgottenUsers.read, metavar="FILE",
                        help="with --from: makes the package forget these users, ids one a line")


def refit_config(config: Config, package: Path) -> Config:
    """The package's shape and inputs, and fewer epochs."""
    found = read_json(package, "manifest.json").get("training", {})
    same = {name: tuple(found[name]) for name in ("inputs", "gaps") if name in found}
    return replace(shaped(config, package), **same, epochs=max(2, round(SHARE * config.epochs)), minutes=MINUTES)


def remaining(log: EventLog, args: argparse.Namespace) -> EventLog:
    """The log that is trained on. A refit leaves out the users that its package held out, too."""
    if not args.forget:
        return args.hold_out.without(log)
    if not args.hold_out.part:
        args.hold_out = HeldOutUsers.parse(read_json(args.from_package, "manifest.json").get("training", {}).get("heldOutUsers"))
    found = sum(user in log.histories for user in args.forget)
    print(f"{len(args.forget):,} users to forget, of whom the log has {found:,}", flush=True)
    return args.hold_out.without(args.forget.without(log))


def show_spent(minutes: float) -> None:
    print(f"the refit took {time.process_time():.0f} CPU seconds; at most {60 * minutes:.0f} were allowed", flush=True)
