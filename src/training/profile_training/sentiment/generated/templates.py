"""The words and templates of phrases.txt and negations.txt, and texts made of them.

A text is for the test if its template is, or a word that is held out with it; otherwise for validation if one of them is; otherwise for
training. So no other text of its set has them in training; long texts, and those with emoji, have facts of their own split. Templates
that differ in the tone of their words alone are held out together: "anything but good" would be learned wrong from "anything but bad".
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from profile_training.encoding.hashing import hash64
from profile_training.sentiment.split import TEST, TRAIN, VALID

COMMON = 10  # words of each list that are never held out
SLOTS_OF_TONE = ("good", "bad", "better", "worse", "好", "坏")
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Made:
    """A text that was made up. Label and opinion are as in sources.Row, `split` is an index into split.SPLITS."""

    text: str
    label: float | None
    opinion: float
    split: int


@cache
def sections() -> dict:
    """{heading of phrases.txt: its lines}."""
    found = {}
    for line in lines_of("phrases.txt"):
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            lines = found[heading[1]] = []
        else:
            lines.append(line)
    return found


@cache
def templates_of(section: str, split: int) -> list:
    """Those of one split, under one heading of phrases.txt."""
    return [template for template in sections()[section] if split_of_template(template, []) == split]


@cache
def words(slot: str) -> list:
    return [word.replace("more-", "more ") for line in sections()[slot] for word in line.split()]


@cache
def negations() -> list:
    """(template, whether it praises)."""
    pairs = [line.split(" | ") for line in lines_of("negations.txt")]
    return [(template, tone == "praise") for tone, template in pairs]


def lines_of(name: str) -> list:
    return (Path(__file__).parent / name).read_text("utf-8").splitlines()


def filled(template: str, rng) -> tuple:
    """(the template with words for its slots, the words that are not names of things)."""
    chosen = []

    def fill(match):
        if match[1] == "number":
            return str(rng.randint(1, 10 ** rng.randint(1, 6)))
        word = rng.choice(words(match[1]))
        if match[1] not in ("thing", "物"):
            chosen.append(word)
        return word

    return SLOT.sub(fill, template), chosen


def split_of_template(template: str, chosen: list) -> int:
    return max(split_of_piece(piece) for piece in (of_either_tone(template), *chosen))


def of_either_tone(template: str) -> str:
    return SLOT.sub(lambda slot: "{}" if slot[1] in SLOTS_OF_TONE else slot[0], template)


def split_of_piece(piece: str) -> int:
    """Of a template or a word: 6 in 100 are for the test, 3 for validation. What everybody says is for training."""
    percent = hash64(f"made: {piece}") % 100
    return TRAIN if piece in common() else TEST if percent < 6 else VALID if percent < 9 else TRAIN


@cache
def common() -> set:
    return {word for slot in SLOTS_OF_TONE for word in words(slot)[:COMMON]} | {"not {}"}
