"""A tokenizer, and invented texts."""

import random
from pathlib import Path

from profile_training.sentiment.folding import folding_table
from profile_training.sentiment.tokenizer import Tokenizer, TokenizerSettings

GOOD, BAD = ("lovely", "superb", "beautiful", "很好", "喜欢"), ("awful", "broken", "ugly", "很差", "失望")
REST = ("the", "lamp", "kettle", "colour", "box", "today", "水壶", "颜色", "今天", "包装")


def tokenizer(**settings) -> Tokenizer:
    return Tokenizer(TokenizerSettings(**{"buckets": 1_000, "units": 16, **settings}), folding_table())


def invented(path: Path, count: int, seed: int) -> Path:
    """Texts of a few words; what a text says is what its one word of feeling says."""
    rng, lines = random.Random(seed), ["label,text"]
    for n in range(count):
        words = rng.choices(REST, k=rng.randint(3, 9))
        words.insert(rng.randint(0, len(words)), rng.choice(GOOD if n % 2 else BAD))
        lines.append(f"{n % 2},{' '.join(words)} {n}")
    path.write_text("\n".join(lines), "utf-8")
    return path
