"""Leave-one-out figures with full ranking: HR@10 and NDCG@10.

The last event of a user is the test, the one before it validation. A user whose target is masked is left out.
"""

import numpy as np
import torch

from profile_training.counting.neighbours import transitions_alone
from profile_training.encoding.histories import EncodedHistories
from profile_training.errors import DataError
from profile_training.evaluation.ranking import masked, ranks, scores, summary, vectors

HELD = {"valid": 2, "test": 1}  # distance of the target from the end of the history
HELD_OUT = max(HELD.values())   # newest events, which training does not use


def trained_lengths(data: EncodedHistories) -> np.ndarray:
    """(U) how many of each user's events, the oldest first, training uses."""
    return np.maximum(data.lengths() - HELD_OUT, 0)


def held_out(data: EncodedHistories, split: str, users=None):
    """(rows, ends): users with a new item at position `end` and at least two events before it."""
    rows, ends = [], []
    for row in range(len(data.users)) if users is None else users:
        ids = data.ids(row)
        end = len(ids) - HELD[split]
        if len(ids) >= HELD_OUT + 2 and ids[end] not in masked(data, row, end):
            rows.append(int(row))
            ends.append(end)
    return rows, ends


def check_targets(data: EncodedHistories, source: str) -> None:
    if not all(held_out(data, split)[0] for split in HELD):
        raise DataError(f"--data {source}: there is nothing to validate with: "
                        f"that takes users with at least 4 events whose last two items are new to them")


def popularity(data: EncodedHistories, split: str, users=None) -> dict:
    """Items scored by the number of users who met them before their targets."""
    rows, ends = held_out(data, split, users)
    counts = torch.zeros(data.item_count)
    for row in range(len(data.users)) if users is None else users:
        met = np.unique(data.ids(row)[:max(0, data.starts[row + 1] - data.starts[row] - HELD[split])])
        counts[torch.from_numpy(met[met >= 0])] += 1
    return summary(ranks(lambda first, last: counts.expand(last - first, -1), data, rows, ends))


def transitions(data: EncodedHistories, split: str, users=None) -> dict:
    """Items scored by how often they follow those of the window, counted before the targets."""
    rows, ends = held_out(data, split, users)
    counted = transitions_alone(data, np.maximum(data.lengths() - HELD[split], 0))
    return summary(ranks(lambda first, last: counted.scores(data, rows[first:last], ends[first:last]), data, rows, ends))


def next_item(model, data: EncodedHistories, split: str, users=None) -> dict:
    """Items scored as a service scores them whose catalogue is empty."""
    rows, ends = held_out(data, split, users)
    return summary(ranks(scores(model, data, rows, ends, vectors(model, data, rows, ends)), data, rows, ends))
