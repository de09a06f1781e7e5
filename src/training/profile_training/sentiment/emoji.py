"""The sentiment of emoji: counts of negative, neutral and positive tweets (Kralj Novak et al. 2015), and, for an emoji that is rare
in them or not at all, what the words of its name say of others."""

import math
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from profile_training.data.fields import amount
from profile_training.errors import BadRow, DataError
from profile_training.sentiment.records import records

LEAST = 5           # tweets of a row that counts
PRIOR = 20          # tweets that the words of a name are worth
RIDGE = 3.0
USUAL = 0.63        # half the log odds of praise over all tweets: who writes an emoji is mostly glad, whatever the emoji
FEELING = 0.6       # least share with feeling of a counted emoji that states an opinion
CLEAR = 0.1         # from even, at least, of the probability of praise of an emoji that is clearly of one tone
HINTS = (           # beginnings of words in names of faces and signs of one tone, so that a name need not have been counted
    ("angry", "anger", "anxious", "broken", "confounded", "confused", "crying", "disappointed", "dizzy", "expressionless",
     "face screaming", "face with cold sweat", "face with medical", "face with open mouth vomiting", "fear", "frown", "nauseated",
     "pensive", "persever", "pile of poo", "pleading", "pouting", "sad", "serious face with symbols", "skull", "sleepy", "thumbs down",
     "tired", "unamused", "weary", "worried"),
    ("celebration", "clapping", "flexed", "glowing", "grinning", "heart", "hug", "hundred points", "joy", "kiss", "laugh", "love",
     "ok hand", "party", "relieved", "rolling on the floor", "savouring", "smiling", "sparkl", "star", "sunglasses", "thumbs up",
     "trophy", "victory", "winking"))
BLOCKS = (range(0x2600, 0x27C0), range(0x1F300, 0x1FB00))
COLUMNS = ("Negative", "Neutral", "Positive")


@dataclass(frozen=True)
class Emoji:
    character: str
    label: float      # probability of praise
    feeling: float    # share of tweets with it that praise or blame
    known: bool       # by counts


def emoji_of(counts: dict, held_out) -> list:
    """Every emoji of Unicode, those with counts first. The counts of `held_out` are not used."""
    learned = {c: row for c, row in counts.items() if c not in held_out}
    words = sorted({w for c in learned for w in words_of(c)})
    guess = fitted(learned, words)
    every = [*counts, *(c for c in named() if c not in counts)]
    return [Emoji(c, *blend(learned.get(c, np.zeros(3)), guess(c)), c in learned) for c in every]


def is_clear(praise: float) -> bool:
    """Whether an emoji of this probability of praise is clearly of one tone."""
    return abs(praise - 0.5) >= CLEAR


def opinion_of(emoji: Emoji) -> bool:
    return emoji.feeling >= FEELING if emoji.known else any(hints_of(emoji.character))


def hints_of(c: str) -> list:
    name = " " + unicodedata.name(c, "").lower()
    return [any(f" {hint}" in name for hint in hints) for hints in HINTS]


def counted(path: Path) -> dict:
    rows = records(path, ",")
    if not {"Emoji", *COLUMNS} <= next(rows)[1].keys():
        raise DataError(f"{path}: the header must have Emoji, {', '.join(COLUMNS)}")
    counts = {row["Emoji"]: np.array([tweets(row[column], column, where) for column in COLUMNS]) for where, row in rows}
    found = {c: n for c, n in counts.items() if n.sum() >= LEAST and len(c) == 1 and unicodedata.category(c) == "So"}
    if not found:
        raise DataError(f"{path}: no emoji is counted in {LEAST} tweets or more, and at least one must be")
    return found


def tweets(cell: str, column: str, where: str) -> float:
    try:
        count = amount(column, cell)
    except BadRow as error:
        raise DataError(f"{where}: {error}") from None
    if count is None or count < 0:
        raise DataError(f"{where}: field {column} must be a number of tweets, 0 or more")
    return count


def named() -> list:
    return [c for block in BLOCKS for c in map(chr, block) if unicodedata.category(c) == "So"]


def words_of(c: str) -> list:
    return [w for w in unicodedata.name(c, "").lower().replace("-", " ").split() if len(w) > 2]


def fitted(counts: dict, words: list):
    """Ridge regression of what counts say on the words of the names -> the (log odds of praise, log odds of feeling) of an emoji."""
    place = {w: n for n, w in enumerate(words)}
    design = np.array([bag(c, place) for c in counts])
    target = np.array([odds(row) for row in counts.values()])
    weight = np.array([math.sqrt(min(row.sum(), 200)) for row in counts.values()])[:, None]
    ridge = RIDGE * weight.mean() * np.diag([0.0] + [0.1] * len(HINTS) + [1.0] * len(words))
    found = np.linalg.solve(design.T @ (weight * design) + ridge + 1e-9 * np.eye(len(ridge)), design.T @ (weight * target))
    return lambda c: bag(c, place) @ found


def bag(c: str, place: dict) -> np.ndarray:
    """(1, whether the name has a hint of each tone, which of the words it has)."""
    words, row = words_of(c), np.zeros(1 + len(HINTS) + len(place))
    row[0] = 1
    row[1:1 + len(HINTS)] = hints_of(c)
    row[[1 + len(HINTS) + place[word] for word in words if word in place]] = 1
    return row


def odds(row) -> np.ndarray:
    negative, neutral, positive = row + 0.5
    return np.array([math.log(positive / negative) - USUAL, math.log((positive + negative) / neutral)])


def blend(row, guess) -> tuple:
    """Counts and guess, which is worth PRIOR tweets -> (probability of praise, share with feeling)."""
    praise, feeling = 1 / (1 + np.exp(-np.array([guess[0] + USUAL, guess[1]])))
    prior = PRIOR * np.array([feeling * (1 - praise), 1 - feeling, feeling * praise])
    logits = odds(row + prior - 0.5)
    return tuple(1 / (1 + np.exp(-logits)))
