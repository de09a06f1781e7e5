"""--ledger FILE: up to which erasure of users a package was trained, for its manifest."""

import argparse
import sys
from pathlib import Path

from profile_training.data.ledger_file import read_ledger
from profile_training.package.reader import read_manifest


def add_ledger_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ledger", type=read_ledger, metavar="FILE",
                        help="ledger.json of the export, so that the manifest says up to which erasure the package was trained")


def privacy_of(args: argparse.Namespace, before: Path | None) -> dict:
    """`privacy` of the manifest, or nothing: what was learned or counted before knows as little of erasures as its log.

    `before` is the package that this one goes on with, or is aligned with: then scales, names and factors of categories are taken.
    """
    if not args.ledger:
        return {}
    if args.forget:
        forgetful = read_manifest(args.from_package)
        return {"privacy": {**args.ledger, "refitOf": f"{forgetful['name']}/{forgetful['version']}"}}
    if args.encoder_from:
        return unknown(f"weights of {args.encoder_from} are in it")
    told = args.ledger
    if before:
        known = read_manifest(before).get("privacy")
        if known is None:
            taken = "weights" if args.from_package else "scales and categories"
            instead = "" if args.from_package else "; --align-with none takes nothing of it"
            return unknown(f"it contains {taken} of {before}, whose manifest does not say it{instead}")
        told = earlier(told, known)
        if args.from_package and "refitOf" in known:
            told = {**told, "refitOf": known["refitOf"]}
    return {"privacy": told}


def earlier(ledger: dict, before: dict) -> dict:
    first = min(ledger, before, key=lambda told: told["ledgerSequence"])
    return {name: first[name] for name in ("ledgerSequence", "exportedAt")}


def unknown(why: str) -> dict:
    print(f"the manifest will not say up to which erasure the package was trained: {why}", file=sys.stderr)
    return {}
