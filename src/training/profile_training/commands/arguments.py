"""What the arguments of several commands have in common."""

import argparse
import math
import os
from pathlib import Path

from profile_training.data.times import parse_clear_time, parse_time

LONGEST = 9  # digits of a whole number
TIMES = "a time such as 2026-11-01T10:00:00Z or 2026-11-01 (docs/semantics.md, times)"


def parser_of(documentation: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(description=documentation, formatter_class=argparse.RawDescriptionHelpFormatter)


def add_training_arguments(parser: argparse.ArgumentParser, configs: dict, minutes: str) -> None:
    parser.add_argument("--config", choices=configs, default="base")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="changes one value of the configuration")
    parser.add_argument("--minutes", type=positive, help=minutes)
    parser.add_argument("--seed", type=natural, default=1)
    parser.add_argument("--threads", type=natural, default=1)


def positive(text: str) -> float:
    number = number_of(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return number


def number_of(text: str) -> float:
    """NaN for a text that is no number."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def natural(text: str) -> int:
    return whole(text, 1, "a whole number above 0")


def natural_or_none(text: str) -> int:
    return whole(text, 0, "a whole number from 0")


def whole(text: str, least: int, expected: str) -> int:
    if text.isdecimal() and len(text) > LONGEST:
        raise argparse.ArgumentTypeError(f"{text} has more than {LONGEST} digits: give {expected}, of at most {LONGEST}")
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text} is not {expected}")
    return int(text)


def moment(text: str) -> int:
    """Micros of a time in any form that tables may have."""
    return read_time(parse_clear_time, text, f"{TIMES}, or Unix time of the years 1990 to 2099 in seconds, milliseconds or microseconds")


def event_time(text: str) -> int:
    return read_time(parse_time, text, TIMES)


def read_time(parse, text: str, expected: str) -> int:
    try:
        return parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not {expected}") from None


def written_file(text: str) -> Path:
    """A file that can be written, which is checked before any work."""
    path = Path(text)
    if path.is_dir() or not path.parent.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text} cannot be written: name a file in a folder that exists and may be written in")
    return path


def refuse_same_files(parser: argparse.ArgumentParser, args: argparse.Namespace, written: tuple, read: tuple = ()) -> None:
    """Each option of `written` names a file that no other option names, in no folder that one of `read` names.

    Devices such as /dev/null may be named several times.
    """
    taken: dict = {}
    for name in (*read, *written):
        path = path_of(getattr(args, name))
        if path is None or (path.exists() and not path.is_file() and not (name in read and path.is_dir())):
            continue
        other = taken.setdefault(path.resolve(), name)
        if other != name and name in written:
            parser.error(f"{option(name)} is the file of {option(other)}, {path}: name another one")
        folder = next((above for above in path.resolve().parents if taken.get(above) in read), None)
        if folder and name in written:
            parser.error(f"{option(name)} {path} lies in the folder of {option(taken[folder])}, which is read: name a file outside of it")


def option(name: str) -> str:
    return "--" + name.replace("_", "-")


def path_of(value) -> Path | None:
    """The path that was given, also where the file has been read already."""
    return getattr(value, "path", value)


def refuse_read_file(parser: argparse.ArgumentParser, args: argparse.Namespace, written: tuple, read: tuple = ()) -> None:
    """No option of `written` names what --data, --attributes or one of `read` reads."""
    path = args.data.partition(":")[2]
    named = argparse.Namespace(**{**vars(args), "data": Path(path) if path else None})
    refuse_same_files(parser, named, written, ("data", "attributes", *read))
