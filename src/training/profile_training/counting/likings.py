"""How much users like each item, by the events that judge it: likes, dislikes, ratings."""

import numpy as np

from profile_training.encoding.encoder import FIRST
from profile_training.encoding.histories import EncodedHistories

SHRINKAGE = 5  # judgements at the mean that are added to each item's own


def likings_of(data: EncodedHistories, lengths: np.ndarray) -> np.ndarray | None:
    """(2 + N) from -1 to 1, drawn to the mean where few judged; the first two are the mean. None if nothing was judged.

    `lengths` (U): how many of each user's events, the oldest first, are counted.
    """
    cells = np.concatenate([np.arange(start, start + length) for start, length in zip(data.starts, lengths)])
    items, likings = data.item_ids[cells], data.likings[cells].astype(np.float64)
    judged = (items >= 0) & ~np.isnan(likings)
    if not judged.any():
        return None
    items, likings = items[judged], likings[judged]
    count, total = np.bincount(items, minlength=data.item_count), np.bincount(items, likings, data.item_count)
    mean = likings.mean()
    return np.concatenate([np.full(FIRST, mean), (total + SHRINKAGE * mean) / (count + SHRINKAGE)]).astype(np.float32)
