"""All invented texts, by the name of their set."""

import random

import numpy as np

from profile_training.encoding.hashing import hash64
from profile_training.sentiment.emoji import FEELING, emoji_of, is_clear, odds
from profile_training.sentiment.generated.emoji_texts import with_emoji
from profile_training.sentiment.generated.long_texts import long_texts
from profile_training.sentiment.generated.no_opinion import codes, facts, foreign
from profile_training.sentiment.generated.opinions import goods, lukewarm, negated
from profile_training.sentiment.generated.templates import Made
from profile_training.sentiment.split import SPLITS, TEST, TRAIN, VALID, split_of

TEXTS = {"goods": 14_000, "negations": 30_000, "lukewarm": 4_000, "facts": 12_000, "codes": 4_000, "foreign": 12_000}
SETS = (*TEXTS, "long")


def invented(phrases: list, rng: random.Random, share: float) -> dict:
    """`phrases` are texts of the sets of phrases, of which the long texts are put together."""
    makers = {"goods": goods, "negations": negated, "lukewarm": lukewarm, "facts": facts, "codes": codes, "foreign": foreign}
    made = {name: [maker(rng) for _ in range(round(TEXTS[name] * share))] for name, maker in makers.items()}
    short = [*phrases, *made["goods"], *made["negations"]]
    made["long"] = [text for split in range(len(SPLITS)) for text in long_texts(by_tone(short, split), split, rng, share)]
    return made


def by_tone(phrases: list, split: int) -> dict:
    return {tone: [t.text for t in phrases if t.split == split and t.label == float(tone)] for tone in (True, False)}


def emoji_texts(counts: dict, texts: list, rng: random.Random, share: float) -> list:
    """The counts of emoji that are held out are used for the test alone; of these, training knows the names."""
    held_out = {c: row for c, row in counts.items() if split_of(hash64(c)) == TEST}
    every = emoji_of(counts, held_out)
    short = [t for t in texts if len(t.text) < 100]
    test = [made for c, row in held_out.items() if (made := test_of(c, row))]
    return test + [made for split in (TRAIN, VALID) for made in with_emoji(every, by_tone(short, split), split, rng, share)]


def test_of(c: str, row) -> Made | None:
    """An emoji that is clearly of one tone, by its counts."""
    praise, feeling = 1 / (1 + np.exp(-odds(row)))
    is_sure = is_clear(praise) and feeling >= FEELING and row.sum() >= 20
    return Made(c, float(praise > 0.5), 1.0, TEST) if is_sure else None
