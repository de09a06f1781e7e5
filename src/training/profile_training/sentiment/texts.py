"""Labelled and invented texts → tokens, and the split of each: equal texts are always in the same one."""

import random
from dataclasses import dataclass, replace

import numpy as np

from profile_training.encoding.hashing import hash64
from profile_training.errors import DataError
from profile_training.sentiment.generated.made import SETS, emoji_texts, invented
from profile_training.sentiment.sources import EMOJI, LEXICON, rows_of
from profile_training.sentiment.split import NOWHERE, SPLITS, TRAIN, lying_within, split_of, splits_of_phrases
from profile_training.sentiment.tokenizer import SLOTS, Tokenizer

PHRASES = ("phrases", "treebank")  # formats whose texts are parts of sentences, or may be
WEIGHTS = {  # of texts that are few, and the only ones of their kind
    "negations": 4.0, "lukewarm": 6.0, "facts": 6.0, "codes": 2.0, "foreign": 3.0, EMOJI: 6.0}
LEXICON_WEIGHT = 4.0
TELLING = {*map(str, range(11)), "100"}  # numbers that may say something, as in "10 of 10" or "100 %"


@dataclass
class Texts:
    tokens: np.ndarray    # (T * SLOTS) of one text after another
    starts: np.ndarray    # (N + 1) text n has the tokens from starts[n] to starts[n + 1]
    labels: np.ndarray    # (N) probability of praise: 1 for praise, 0 for blame; NaN for a text that has none
    opinions: np.ndarray  # (N) 1 if the text states an opinion, 0 if not; NaN if that is not known
    weights: np.ndarray   # (N) how much a text counts in training
    sets: np.ndarray      # (N) index into `names`
    splits: np.ndarray    # (N) index into SPLITS
    names: list           # of the data sets
    counts: dict          # {name: {"rows", "texts"}}
    lexicons: list        # names of the data sets that are lists of words
    numbers: np.ndarray   # tokens of numbers that state nothing, and of their beginnings
    turns: np.ndarray | None = None  # (T) how negation turns each unit, see negators.py

    def of(self, split: str) -> np.ndarray:
        """Indices of the texts of one split."""
        return np.flatnonzero(self.splits == SPLITS.index(split))

    def targets(self) -> np.ndarray:
        """(N, 2) of both logits."""
        return np.stack([self.labels, self.opinions], axis=1)

    def lengths(self) -> np.ndarray:
        """Units of each text."""
        return np.diff(self.starts) // SLOTS


@dataclass(frozen=True)
class Text:
    text: str
    units: tuple
    label: float | None
    opinion: float | None
    of_set: str
    split: int
    weight: float
    cut: tuple | None = None  # of a phrase: the pieces that its sentence is cut into


class Collection:
    """Texts that are equal after folding are taken once, and texts without a unit not at all."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer, self.seen, self.counts, self.lexicons, self.texts = tokenizer, set(), {}, [], []

    def add(self, name: str, rows, kind: str | None = None):
        """`rows` have text, label, opinion and split; `kind` is the format that they were read from."""
        count = self.counts[name] = {"rows": 0, "texts": 0}
        weight = LEXICON_WEIGHT if kind == LEXICON else WEIGHTS.get(name, 1.0)
        if kind == LEXICON:
            self.lexicons.append(name)
        for row in rows:
            count["rows"] += 1
            units = tuple(self.tokenizer.units(row.text))
            if units and units not in self.seen:
                self.seen.add(units)
                split = split_of(hash64(" ".join(units))) if row.split is None else row.split
                cut = (row.cut or units) if kind in PHRASES else None
                self.texts.append(Text(row.text, units, row.label, row.opinion, name, split, weight, cut))

    def split_phrases(self):
        phrases = [n for n, t in enumerate(self.texts) if t.cut]
        for n, split in zip(phrases, splits_of_phrases([self.texts[n].cut for n in phrases]), strict=True):
            self.texts[n] = replace(self.texts[n], split=split)
        self.texts = [t for t in self.texts if t.split != NOWHERE]

    def drop_phrases_that_training_has(self):
        train = [t.units for t in self.texts if t.split == TRAIN]
        held_out = [t for t in self.texts if t.cut and t.split != TRAIN]
        lost = {held_out[n].units for n in lying_within([t.units for t in held_out], train)}
        self.texts = [t for t in self.texts if not (t.cut and t.units in lost)]

    def collected(self) -> Texts:
        if len({t.label for t in self.texts} & {0.0, 1.0}) < 2:
            raise DataError("texts of both labels are needed, 0 and 1")
        for t in self.texts:
            self.counts[t.of_set]["texts"] += 1
        names, tokens = list(self.counts), [self.tokenizer.tokens(t.text).astype(np.int32) for t in self.texts]
        return Texts(
            tokens=np.concatenate(tokens), starts=np.cumsum([0] + [len(t) for t in tokens]),
            labels=np.array([t.label for t in self.texts], np.float32), opinions=np.array([t.opinion for t in self.texts], np.float32),
            weights=np.array([t.weight for t in self.texts], np.float32),
            sets=np.array([names.index(t.of_set) for t in self.texts]), splits=np.array([t.split for t in self.texts]),
            names=names, counts=self.counts, lexicons=self.lexicons, numbers=self.numbers())

    def numbers(self) -> np.ndarray:
        found = {unit for t in self.texts for unit in t.units if unit.isdigit() and unit not in TELLING}
        tokens = {token for number in found for token in self.tokenizer.tokens(number) if token > 0}
        return np.array(sorted(tokens), np.int64)


def read_texts(sources: list, tokenizer: Tokenizer, seed: int, share: float) -> Texts:
    """The texts of `sources`, which are FORMAT:PATH, and a share of the invented ones."""
    found, read = Collection(tokenizer), [rows_of(source) for source in sources]
    check_names(read)
    for name, kind, rows in read:
        if kind != EMOJI:
            found.add(name, rows, kind)
    found.split_phrases()
    for name, made in invented([t for t in found.texts if t.cut], random.Random(seed), share).items():
        found.add(name, made)
    for name, kind, counts in read:
        if kind == EMOJI:
            found.add(EMOJI, emoji_texts(counts, found.texts, random.Random(seed), share))
    found.drop_phrases_that_training_has()
    return found.collected()


def check_names(read: list) -> None:
    """Counts and weights of texts are by the name of their set."""
    names = [EMOJI if kind == EMOJI else name for name, kind, _ in read]
    taken = [*SETS, *{EMOJI}.difference(kind for _, kind, _ in read), *names]
    if clash := sorted({name for name in names if taken.count(name) > 1}):
        raise DataError(f"--data: each file needs a name of its own, other than those of the invented sets: rename {', '.join(clash)}")
