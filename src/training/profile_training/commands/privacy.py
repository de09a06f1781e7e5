"""--ledger FILE: up to which erasure of users a package was trained, for its manifest."""

import argparse
import sys
from pathlib import Path

from profile_training.data.ledger_file import read_ledger
from profile_training.package.reader import read_manifest


def add_ledger_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ledger", type=read_ledger, metavar="FILE",
                        help="ledger.json of the export, so that the manifest says up to which erasure the package was trained")


def privacy_of(args: argparse.Namespace) -> dict:
    """`privacy` of the manifest, or nothing: weights that were learned before know as little of erasures as the log that taught them."""
    if not args.ledger:
        return {}
    before = read_manifest(args.from_package) if args.from_package else {}
    if args.forget:
        return {"privacy": {**args.ledger, "refitOf": f"{before['name']}/{before['version']}"}}
    source = args.from_package or args.encoder_from
    if source and "privacy" not in before:
        return unknown(source)
    return {"privacy": earlier(args.ledger, before["privacy"]) if before else args.ledger}


def earlier(ledger: dict, before: dict) -> dict:
    refit = {name: before[name] for name in ("refitOf",) if name in before}
    return {**min(ledger, before, key=lambda told: told["ledgerSequence"]), **refit}


def unknown(source: Path) -> dict:
    print(f"the manifest will not say up to which erasure the package was trained: weights of {source} are in it, and it does not say so",
          file=sys.stderr)
    return {}
