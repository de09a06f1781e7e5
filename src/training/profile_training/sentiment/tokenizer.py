"""Turns a text into the tokens of a sentiment package (docs/sentiment.md). Its twin in the service is TextTokenizer.cs.

A text is folded, then cut into units: a word of an alphabet, or one character of anything else (Chinese, punctuation, emoji).
Each unit gives SLOTS tokens: the unit, the unit and the next one, the unit and the next two (if `longest_gram` is 3), and the
beginning of a long word.
"""

from dataclasses import dataclass

import numpy as np

from profile_training.encoding.hashing import hash64

PAD = 0
SLOTS = 4            # tokens per unit
WHOLE = (0, 3)       # slots of the unit itself and of its beginning; the others have grams of several units
REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class TokenizerSettings:
    buckets: int             # of the hash; tokens are 1 … buckets, 0 is padding
    units: int               # of a text at most; of a longer text the first and last half of so many are read
    longest_gram: int = 3    # units, 2 or 3
    longest_word: int = 24   # characters of a word that are read
    longest_run: int = 3     # equal units in a row that are read
    stem: int = 5            # characters of a word's beginning


class Tokenizer:
    def __init__(self, settings: TokenizerSettings, folding: dict):
        self.settings, self.folding = settings, folding
        self.cache: dict = {}  # hashing in Python is slow, and grams repeat

    def units(self, text: str) -> list:
        s, units, word = self.settings, [], ""
        for c in self.folded(text) + " ":
            if is_word(c):
                word += c
                continue
            if word.strip("'"):
                append(units, word.strip("'")[:s.longest_word], s.longest_run)
            word = ""
            if c not in " '":
                append(units, c, s.longest_run)
        return units if len(units) <= s.units else units[:s.units // 2] + units[len(units) - (s.units - s.units // 2):]

    def tokens(self, text: str) -> np.ndarray:
        """(N * SLOTS) of a text of N units."""
        units, s = self.units(text), self.settings
        pairs, triples = ([" ".join(units[n:n + size]) if n + size <= len(units) and size <= s.longest_gram else ""
                           for n in range(len(units))] for size in (2, 3))
        stems = [unit[:s.stem] + "*" if len(unit) >= s.stem else "" for unit in units]
        grams = (gram for of_unit in zip(units, pairs, triples, stems) for gram in of_unit)
        return np.array([self.index(gram) for gram in grams], np.int64)

    def index(self, gram: str) -> int:
        if gram not in self.cache:
            self.cache[gram] = 1 + hash64(gram) % self.settings.buckets if gram else PAD
        return self.cache[gram]

    def folded(self, text: str) -> str:
        whole = "".join(REPLACEMENT if "\ud800" <= c <= "\udfff" else c for c in text)
        return "".join(self.folding.get(c, c) for c in whole)


def append(units: list, unit: str, longest_run: int):
    if units[-longest_run:] != [unit] * longest_run:
        units.append(unit)


def is_word(c: str) -> bool:
    """Letters and digits of alphabets with spaces between words: ASCII, and U+00C0 up to general punctuation (U+2000)."""
    return (c.isascii() and (c.isalnum() or c == "'")) or "\u00c0" <= c < "\u2000"
