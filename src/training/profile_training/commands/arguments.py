"""What the arguments of several commands have in common."""

import argparse
import math


def parser_of(documentation: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(description=documentation, formatter_class=argparse.RawDescriptionHelpFormatter)


def add_training_arguments(parser: argparse.ArgumentParser, configs: dict, minutes: str) -> None:
    parser.add_argument("--config", choices=configs, default="base")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="changes one value of the configuration")
    parser.add_argument("--minutes", type=positive, help=minutes)
    parser.add_argument("--seed", type=natural, default=1)
    parser.add_argument("--threads", type=natural, default=1)


def positive(text: str) -> float:
    number = float(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def natural(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)
