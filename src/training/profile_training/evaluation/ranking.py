"""Where a model ranks targets among all items, and the figures of these ranks: HR@10 and NDCG@10.

All items compete but those that are masked: of the user's history, or of the window alone, which is all that the service can mask. An
item with the same score as the target counts as ranked before it.
"""

import numpy as np
import torch

from profile_training.encoding.encoder import FIRST
from profile_training.encoding.histories import EncodedHistories
from profile_training.model.layers import device_of

CHUNK = 256       # users whose profiles or scores are computed at a time
MISSED = 1 << 30  # rank of a target that is not in the vocabulary


@torch.no_grad()
def vectors(model, data: EncodedHistories, rows, ends) -> torch.Tensor:
    """(U, D) profiles of the windows before `ends`; windows of similar length share a batch."""
    model.eval()
    order = sorted(range(len(rows)), key=lambda i: ends[i])
    out = torch.zeros(len(rows), model.shape.dimension)
    for start in range(0, len(order), CHUNK):
        chunk = order[start:start + CHUNK]
        out[chunk] = model(**data.windows([rows[i] for i in chunk], [ends[i] for i in chunk], device_of(model)))[0].cpu()
    return out


@torch.no_grad()
def scores(model, data: EncodedHistories, rows, ends, profiles: torch.Tensor):
    """(first, last) -> (last - first, N): the dot product of items and profiles, and what the items of the windows add."""
    items, neighbours = model.item_vectors()[FIRST:].T.cpu(), model.neighbours

    def of(first: int, last: int) -> torch.Tensor:
        found = profiles[first:last] @ items
        return found if neighbours is None else found + neighbours.scores(data, rows[first:last], ends[first:last])

    return of


def masked(data: EncodedHistories, row: int, end: int) -> np.ndarray:
    """Items of the user's events before `end` that are not ranked."""
    first = 0 if data.rules.mask == "history" else int(data.first(row, end))
    return data.ids(row)[first:end]


def ranks(scores_of, data: EncodedHistories, rows, ends, targets=None) -> torch.Tensor:
    """Rank (U) of each user's target among all items, 0 is the best; scores_of(first, last) -> (last - first, N).

    The target is the event at `end` unless `targets` names another.
    """
    targets = ends if targets is None else targets
    found = torch.full((len(rows),), MISSED)
    target = torch.from_numpy(data.item_ids[data.starts[np.asarray(rows, int)] + np.asarray(targets, int)])
    for first in range(0, len(rows), CHUNK):
        chunk = slice(first, min(first + CHUNK, len(rows)))
        scores = scores_of(chunk.start, chunk.stop).clone()                       # (B, N)
        bar = scores.gather(1, target[chunk].clamp(min=0)[:, None])               # (B, 1)
        met = [masked(data, row, end) for row, end in zip(rows[chunk], ends[chunk])]
        user, item = np.repeat(np.arange(len(met)), [len(items) for items in met]), np.concatenate(met)
        scores[user[item >= 0], item[item >= 0]] = -torch.inf
        ranked = (~(scores < bar)).sum(1) - 1                                     # NaN counts as ranked before the target
        found[chunk] = torch.where(target[chunk] >= 0, ranked, found[chunk])
    return found


def summary(rank: torch.Tensor) -> dict:
    """{"hr@10", "ndcg@10", "users"}"""
    hits = (rank < 10).double()
    return {"hr@10": round(hits.mean().item(), 6), "ndcg@10": round(gains(rank).mean().item(), 6), "users": len(rank)}


def gains(rank: torch.Tensor) -> torch.Tensor:
    """(U) what each user adds to NDCG@10."""
    return (rank < 10) / torch.log2(rank.double() + 2)
