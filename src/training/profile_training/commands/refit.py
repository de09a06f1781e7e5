"""--from PACKAGE --forget FILE: makes a package forget users.

Vocabularies and counts are made anew from the log without the users. The network begins with a part of the package's weights and
learns the rest of the log for a few minutes.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from profile_training.commands.going_on import shaped
from profile_training.config.config import Config
from profile_training.data.forgotten_users import ForgottenUsers
from profile_training.data.held_out_users import HeldOutUsers
from profile_training.data.histories import EventLog
from profile_training.errors import DataError
from profile_training.package.reader import training_of

MINUTES = 5.0
SHARE = 0.5  # of the epochs of a whole training


def add_refit_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--forget", type=ForgottenUsers.read, metavar="FILE",
                        help="with --from: makes the package forget these users, ids one a line")


def refit_config(config: Config, package: Path) -> Config:
    """The package's shape and inputs, and fewer epochs."""
    found = training_of(package)
    same = {name: tuple(found[name]) for name in ("inputs", "gaps") if name in found}
    return replace(shaped(config, package), **same, epochs=max(2, round(SHARE * config.epochs)), minutes=MINUTES)


def hold_out_of(args: argparse.Namespace) -> HeldOutUsers:
    """Those of the arguments; without any, a refit holds out the users that its package held out.

    A package that is gone on with has learned from all but its own held-out users, so that only they or some of them can be held out.
    """
    before = HeldOutUsers.parse(training_of(args.from_package).get("heldOutUsers") if args.from_package else None)
    if not args.hold_out.part:
        return before if args.forget else args.hold_out
    if args.from_package and not args.hold_out.within(before):
        anew = "" if args.forget else ", or leave out --from to train anew"
        raise DataError(f"--hold-out {args.hold_out.part}: {args.from_package} was trained on users of that part, for it held out "
                        f"{before.part or 'nobody'}: {f'give --hold-out {before.part}' if before.part else 'leave out --hold-out'}{anew}")
    if args.encoder_from:
        warn_of_known(args.hold_out, args.encoder_from, "the layers", "leave out --encoder-from")
    return args.hold_out


def warn_of_known(hold_out: HeldOutUsers, package: Path, parts: str, instead: str) -> None:
    """Says what of a package, in which other users were held out, goes into one that is to know nothing of the users held out."""
    if hold_out.part and not hold_out.within(HeldOutUsers.parse(training_of(package).get("heldOutUsers"))):
        print(f"{parts} of {package} know the users of --hold-out {hold_out.part} if its log had them, so that figures of them may be too "
              f"good: {instead} for a package that knows nothing of them", file=sys.stderr)


def remaining(log: EventLog, args: argparse.Namespace) -> EventLog:
    """The log that is trained on."""
    if args.forget:
        found = sum(user in log.histories for user in args.forget)
        print(f"{len(args.forget):,} users to forget, of whom the log has {found:,}", flush=True)
        log = args.forget.without(log)
    return args.hold_out.without(log)


def show_spent(seconds: float, minutes: float) -> None:
    print(f"the refit took {seconds:.0f} CPU seconds; at most {60 * minutes:.0f} were allowed", flush=True)
