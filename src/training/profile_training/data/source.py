"""The arguments that say what is read, and how."""

import argparse
from dataclasses import dataclass, field
from pathlib import Path

from profile_training.data.event import FIELDS, KINDS
from profile_training.data.formats import READERS
from profile_training.errors import DataError

NEEDED = ("userId", "itemId", "timestamp")  # columns that a table must have; --kind stands in for the kind


@dataclass(frozen=True)
class Source:
    """Everything is checked here, so that a wrong argument ends a command before it reads a file."""
    format: str
    path: Path
    attributes: Path | None = None                # a file of users' attributes, instead of those that the format brings
    columns: dict = field(default_factory=dict)   # csv: {field of an event: column}
    kinds: dict = field(default_factory=dict)     # csv: {kind in the file: kind of the service}
    kind: str = "view"                            # csv and sequences: the kind if the file has none

    @classmethod
    def of(cls, data: str, attributes=None, columns: str = "", kinds: str = "", kind: str = "view") -> "Source":
        """From the texts of the arguments, `data` as FORMAT:PATH."""
        name, _, path = data.partition(":")
        if name not in READERS or not path:
            raise DataError(f"--data {data}: expected FORMAT:PATH with FORMAT one of {', '.join(READERS)}")
        return cls(name, Path(path), Path(attributes) if attributes else None,
                   pairs("--columns", columns), pairs("--kinds", kinds), kind)

    @classmethod
    def parse(cls, args) -> "Source":
        """From the arguments that add_arguments added."""
        return cls.of(args.data, args.attributes, args.columns, args.kinds, args.kind)

    @property
    def timed(self) -> bool:
        """Sequences have no times, so that those of their events are invented."""
        return self.format != "sequences"

    def __post_init__(self):
        for option, given, allowed in (("--columns", self.columns, FIELDS), ("--kinds", self.kinds.values(), KINDS),
                                       ("--kind", [self.kind], KINDS)):
            for name in given:
                if name not in allowed:
                    raise DataError(f"{option}: {name} is not one of {', '.join(allowed)}")
        if self.format == "csv" and not all(name in self.columns for name in NEEDED):
            raise DataError(f"--columns is needed with csv and must name {', '.join(NEEDED)}: --columns userId=user_id,...")
        if self.format != "csv" and self.columns:
            raise DataError("--columns is for csv")
        if self.kinds and "kind" not in self.columns:
            raise DataError("--kinds is for csv with a kind in --columns")
        if self.kind != "view" and (self.format not in ("csv", "sequences") or "kind" in self.columns):
            raise DataError("--kind is for sequences, and for csv without a kind in --columns")


def pairs(option: str, text: str) -> dict:
    """{"a": "1", "b": "2"} from "a=1,b=2"."""
    found: dict = {}
    for pair in text.split(",") if text else []:
        left, _, right = pair.partition("=")
        if not left or not right or left in found:
            raise DataError(f"{option} {text}: expected NAME=VALUE,NAME=VALUE with every NAME once, not {pair!r}")
        found[left] = right
    return found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", required=True, metavar="FORMAT:PATH", help=f"FORMAT is one of {', '.join(READERS)}")
    parser.add_argument("--attributes", type=Path, metavar="FILE", help="users' attributes, one JSON object a line")
    parser.add_argument("--columns", default="", metavar="FIELD=COLUMN,...",
                        help=f"csv: which column is which of {', '.join(FIELDS)}")
    parser.add_argument("--kinds", default="", metavar="THEIRS=OURS,...",
                        help=f"csv: the file's names of {', '.join(KINDS)}")
    parser.add_argument("--kind", default="view", help="csv and sequences: the kind if the file has none (%(default)s)")
