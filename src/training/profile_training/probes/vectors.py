"""The vectors of people: the package's, its rivals', and blocks put side by side."""

import numpy as np
import torch

from profile_training.encoding.encoder import UNKNOWN
from profile_training.encoding.hashing import hash64
from profile_training.encoding.histories import encode_histories
from profile_training.evaluation.ranking import CHUNK, vectors
from profile_training.probes.people import People
from profile_training.probes.rivals import counts, histogram, svd_of_items

RANDOM_DIMENSION = 64


def vectors_of(people: People, model, encoder) -> dict:
    """{name: (U, D)}; the package's first. No vector is computed from attributes."""
    data = encode_histories(dict(zip(people.users, people.known)), {}, encoder)
    bins = histogram(people)
    return {
        "package": vectors(model, data, range(len(people.users)), data.lengths()).numpy(),
        "mean of items": mean_of_items(model, data),
        "SVD of items": svd_of_items(people),
        "histogram": bins,
        "histogram, counts": side_by_side(bins, counts(people)),
        "random": random_vectors(people.users),
    }


@torch.no_grad()
def mean_of_items(model, data) -> np.ndarray:
    """(U, D) the plain mean of the package's own vectors of the known items."""
    table, found = model.item_vectors() if hasattr(model, "item_vectors") else None, []
    for begin in range(0, len(data.users), CHUNK):
        rows = np.arange(begin, min(begin + CHUNK, len(data.users)))
        lengths = data.lengths()[rows]
        items = data.batch(rows, lengths)["items"]                                # (B, L)
        cells = (model.item(items) if table is None else table[items]) * (items > UNKNOWN).unsqueeze(2)
        found.append(cells.sum(1) / torch.from_numpy(np.minimum(lengths, data.max_events))[:, None])
    return torch.cat(found).numpy()


def random_vectors(users: list) -> np.ndarray:
    """(U, 64) that say nothing of a user, from hashes of the id."""
    return np.array([[hash64(f"{user}\n{column}") / 2 ** 64 for column in range(RANDOM_DIMENSION)] for user in users])


def side_by_side(*blocks: np.ndarray) -> np.ndarray:
    """Blocks as one vector: each column standardised, each block of equal weight."""
    return np.concatenate([(block - block.mean(0)) / (block.std(0) + 1e-9) / np.sqrt(block.shape[1]) for block in blocks], axis=1)
