"""Figures of one moment for all users: what each did after it, ranked by the window that the service would have had then.

A window holds the user's events up to the moment, by the rules for windows. The target is the user's first later event of an item that
is not in the window; the window's items are masked, as the service masks them. All other items compete.
"""

from dataclasses import replace

import numpy as np
import torch

from profile_training.encoding.histories import EncodedHistories
from profile_training.evaluation.ranking import masked, ranks, scores, summary, vectors


def clocked(data: EncodedHistories) -> EncodedHistories:
    """The data, with the mask of this protocol."""
    return replace(data, rules=replace(data.rules, mask="window"))


def held_out_at(data: EncodedHistories, moment: int):
    """(rows, ends, targets): users with an event up to the moment, in micros, and with a target after it."""
    rows, ends, targets = [], [], []
    for row in range(len(data.users)):
        ids, end = data.ids(row), end_at(data, row, moment)
        later = np.flatnonzero(~np.isin(ids[end:], masked(data, row, end)))
        if end and len(later):
            rows.append(row)
            ends.append(end)
            targets.append(end + int(later[0]))
    return rows, ends, targets


def end_at(data: EncodedHistories, row: int, moment: int) -> int:
    """Number of the user's events up to the moment."""
    return int(np.searchsorted(data.micros[data.starts[row]:data.starts[row + 1]], moment, side="right"))


@torch.no_grad()
def next_item_at(model, data: EncodedHistories, moment: int) -> dict:
    """Figures of the service's scores and, for comparison, of popularity up to the moment."""
    data = clocked(data)
    rows, ends, targets = held_out_at(data, moment)
    counts = popularity_at(data, moment)
    own = ranks(scores(model, data, rows, ends, vectors(model, data, rows, ends)), data, rows, ends, targets)
    baseline = summary(ranks(lambda first, last: counts.expand(last - first, -1), data, rows, ends, targets))
    return {**summary(own), "popularity": {name: baseline[name] for name in ("hr@10", "ndcg@10")}}


def popularity_at(data: EncodedHistories, moment: int) -> torch.Tensor:
    """(N) number of users who met the item up to the moment."""
    counts = torch.zeros(data.item_count)
    for row in range(len(data.users)):
        met = np.unique(data.ids(row)[:end_at(data, row, moment)])
        counts[torch.from_numpy(met[met >= 0])] += 1
    return counts
