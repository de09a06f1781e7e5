"""Invented content vectors: a direction of the category plus one of the item, from the hashes of their names."""

import math

import numpy as np

from profile_training.encoding.hashing import hash64


def direction(name: str, dimension: int) -> np.ndarray:  # (C) of unit length
    cells = np.random.default_rng(hash64(name)).normal(size=dimension)
    return cells / math.sqrt((cells * cells).sum())


def content_of(item: str, category: str, dimension: int) -> list:
    return [round(float(cell), 2) for cell in 0.9 * direction(category, dimension) + 0.4 * direction(item, dimension)]
