"""What a vector is compared with: simple descriptions of the same known events, without any training of a network."""

from collections import Counter
from itertools import pairwise

import numpy as np
import torch

from profile_training.counting.factors import factors, incidence
from profile_training.probes.people import People, values_of

SVD_DIMENSION, SVD_EXTRA, SVD_PASSES = 64, 64, 40  # so many that the draw at the start does not matter
# Seconds between two events of a session, at most, as in KnownCounts.cs. In model/segments.py so long a gap ends a session: it is in the
# bucket that begins with it, and gaps of one bucket are alike.
PAUSE = 1_800


def histogram(people: People) -> np.ndarray:
    """(U, C) shares of the categories in the known events."""
    number = {name: i for i, name in enumerate(sorted({c for known in people.known for event in known for c in event.categories}))}
    rows = np.zeros((len(people.users), max(1, len(number))))
    for row, known in enumerate(people.known):
        for event in known:
            for category in event.categories:
                rows[row, number[category]] += 1
    return rows / np.maximum(rows.sum(1, keepdims=True), 1)


def counts(people: People) -> np.ndarray:
    """(U, 10): span, sessions, simultaneous events, pause, mean and deviation of ratings and of popularity, last time, hour."""
    met = Counter(event.item for history in [*people.others.values(), *people.known] for event in history)
    return np.array([counts_of(known, met) for known in people.known])


def counts_of(known: list, met: Counter) -> list:
    gaps = np.array([after.micros - before.micros for before, after in pairwise(known)] or [0]) / 1e6
    popularity = [np.log1p(met[event.item]) for event in known]
    ratings = values_of(known, "rating") or [0.0]
    last = known[-1].micros / 1e6
    return [np.log1p(gaps.sum()), 1 + (gaps > PAUSE).sum(), (gaps == 0).mean(), np.log1p(np.median(gaps)),
            np.mean(ratings), np.std(ratings), np.mean(popularity), np.std(popularity), last / 86_400, last % 86_400 / 3_600]


def svd_of_items(people: People) -> np.ndarray:
    """(U, SVD_DIMENSION): the bag of known items, projected on the first right singular vectors of everybody's bags."""
    histories, number = [*people.known, *people.others.values()], {}
    cells = torch.tensor([(row, number.setdefault(event.item, len(number))) for row, history in enumerate(histories)
                          for event in history])                                  # (E, 2)
    matrix = incidence(cells[:, 0], cells[:, 1], (len(histories), len(number)), power=0.0)
    return torch.sparse.mm(matrix, factors(matrix, SVD_DIMENSION, SVD_EXTRA, SVD_PASSES))[:len(people.known)].numpy()
