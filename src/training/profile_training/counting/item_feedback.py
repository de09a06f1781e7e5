"""What a user's window says of each of its items."""

import numpy as np

from profile_training.encoding.histories import EncodedHistories


def item_feedback(data: EncodedHistories, row: int, end: int) -> dict:
    """{item: what the window before `end` says for it, or below 0 against it}, as far as the model reads the window.

    The newest event that judges an item, such as a like or a rating, decides; of an item without one the events are summed.
    """
    start, first = int(data.starts[row]), int(data.first_read([row], [end])[0])
    weights: dict = {}
    judged: set = set()
    for cell in range(start + first, start + end):
        item, weight = int(data.item_ids[cell]), float(data.feedback[cell])
        if item < 0:
            continue  # not in the vocabulary
        if not np.isnan(data.likings[cell]):
            weights[item] = weight
            judged.add(item)
        elif item not in judged:
            weights[item] = weights.get(item, 0.0) + weight
    return weights
