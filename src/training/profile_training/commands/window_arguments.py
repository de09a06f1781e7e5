"""The arguments that say under which rules for windows figures are measured."""

import argparse

from profile_training.commands.arguments import number_of, whole
from profile_training.encoding.window_rules import MASKS, WindowRules

EVENTS = "a number of events, 1 to 10000"


def add_window_arguments(parser: argparse.ArgumentParser, max_age: str, max_events: str, mask: str) -> None:
    """The arguments' defaults are said by the command."""
    parser.add_argument("--max-age", type=days, metavar="DAYS",
                        help=f"figures: how much older than a window's newest event an event may be, 0 for any age ({max_age})")
    parser.add_argument("--max-events", type=events, metavar="N", help=f"figures: events that a window holds ({max_events})")
    parser.add_argument("--mask", choices=MASKS,
                        help=f"figures: which items are not ranked, all that the user met or those of the window ({mask})")


def days(text: str) -> float:
    number = number_of(text)
    if not 0 <= number <= 3650:
        raise argparse.ArgumentTypeError(f"{text} is not a number of days, 0 to 3650")
    return int(number) if number.is_integer() else number


def events(text: str) -> int:
    number = whole(text, 1, EVENTS)
    if number > 10_000:
        raise argparse.ArgumentTypeError(f"{text} is not {EVENTS}")
    return number


def given(args: argparse.Namespace, rules: WindowRules) -> WindowRules:
    """The rules, but for what the arguments change."""
    def chosen(argument, rule):
        return rule if argument is None else argument
    return WindowRules(chosen(args.max_events, rules.max_events), chosen(args.max_age, rules.max_age_days), chosen(args.mask, rules.mask))
