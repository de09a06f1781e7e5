"""Leave-one-out figures with full ranking: HR@10 and NDCG@10.

The last event of a user is the test, the one before it validation. All items compete but those that are masked: of the user's history,
or of the window alone, which is all that the service can mask. An item with the same score as the target counts as ranked before it. A
user whose target is masked is left out.
"""

import numpy as np
import torch

from profile_training.counting.neighbours import transitions_alone
from profile_training.encoding.encoder import FIRST
from profile_training.encoding.histories import EncodedHistories
from profile_training.errors import DataError
from profile_training.model.layers import device_of

HELD = {"valid": 2, "test": 1}  # distance of the target from the end of the history
HELD_OUT = max(HELD.values())   # newest events, which training does not use
CHUNK = 256                     # users scored at a time
MISSED = 1 << 30                # rank of a target that is not in the vocabulary


def trained_lengths(data: EncodedHistories) -> np.ndarray:
    """(U) how many of each user's events, the oldest first, training uses."""
    return np.maximum(data.lengths() - HELD_OUT, 0)


def held_out(data: EncodedHistories, part: str, users=None):
    """(rows, ends): users with a new item at position `end` and at least two events before it."""
    rows, ends = [], []
    for row in range(len(data.users)) if users is None else users:
        ids = data.ids(row)
        end = len(ids) - HELD[part]
        if len(ids) >= HELD_OUT + 2 and ids[end] not in masked(data, row, end):
            rows.append(int(row))
            ends.append(end)
    return rows, ends


def check_targets(data: EncodedHistories, source: str) -> None:
    if not all(held_out(data, part)[0] for part in HELD):
        raise DataError(f"--data {source}: there is nothing to validate with: "
                        f"that takes users with at least 4 events whose last two items are new to them")


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
        part = slice(first, min(first + CHUNK, len(rows)))
        scores = scores_of(part.start, part.stop).clone()                         # (B, N)
        bar = scores.gather(1, target[part].clamp(min=0)[:, None])                # (B, 1)
        met = [masked(data, row, end) for row, end in zip(rows[part], ends[part])]
        user, item = np.repeat(np.arange(len(met)), [len(items) for items in met]), np.concatenate(met)
        scores[user[item >= 0], item[item >= 0]] = -torch.inf
        ranked = (~(scores < bar)).sum(1) - 1                                     # NaN counts as ranked before the target
        found[part] = torch.where(target[part] >= 0, ranked, found[part])
    return found


def summary(rank: torch.Tensor) -> dict:
    """{"hr@10", "ndcg@10", "users"}"""
    hits = (rank < 10).double()
    return {"hr@10": round(hits.mean().item(), 6), "ndcg@10": round(gains(rank).mean().item(), 6), "users": len(rank)}


def gains(rank: torch.Tensor) -> torch.Tensor:
    """(U) what each user adds to NDCG@10."""
    return (rank < 10) / torch.log2(rank.double() + 2)


def seen_matrix(data: EncodedHistories, rows, ends) -> torch.Tensor:
    """(U, N) 1 where the user met the item before `end`."""
    seen = torch.zeros(len(rows), data.item_count)
    for b, (row, end) in enumerate(zip(rows, ends)):
        seen[b, torch.from_numpy(data.ids(row)[:end])] = 1
    return seen


def popularity(data: EncodedHistories, part: str, users=None) -> dict:
    """Items scored by the number of users who met them before their targets."""
    rows, ends = held_out(data, part, users)
    counts = torch.zeros(data.item_count)
    for row in range(len(data.users)) if users is None else users:
        met = np.unique(data.ids(row)[:max(0, data.starts[row + 1] - data.starts[row] - HELD[part])])
        counts[torch.from_numpy(met[met >= 0])] += 1
    return summary(ranks(lambda first, last: counts.expand(last - first, -1), data, rows, ends))


def transitions(data: EncodedHistories, part: str, users=None) -> dict:
    """Items scored by how often they follow those of the window, counted before the targets."""
    rows, ends = held_out(data, part, users)
    counted = transitions_alone(data, np.maximum(data.lengths() - HELD[part], 0))
    return summary(ranks(lambda first, last: counted.scores(data, rows[first:last], ends[first:last]), data, rows, ends))


@torch.no_grad()
def vectors(model, data: EncodedHistories, rows, ends, size: int = 256) -> torch.Tensor:
    """(U, D) profiles of the windows before `ends`; windows of similar length share a batch."""
    model.eval()
    order = sorted(range(len(rows)), key=lambda i: ends[i])
    out = torch.zeros(len(rows), model.shape.dimension)
    for start in range(0, len(order), size):
        part = order[start:start + size]
        out[part] = model(**data.windows([rows[i] for i in part], [ends[i] for i in part], device_of(model)))[0].cpu()
    return out


def next_item(model, data: EncodedHistories, part: str, users=None) -> dict:
    """Items scored as the service scores them."""
    rows, ends = held_out(data, part, users)
    return summary(ranks(scores(model, data, rows, ends, vectors(model, data, rows, ends)), data, rows, ends))


@torch.no_grad()
def scores(model, data: EncodedHistories, rows, ends, profiles: torch.Tensor):
    """(first, last) -> (last - first, N): the dot product of items and profiles, and what the items of the windows add."""
    items, neighbours = model.item_vectors()[FIRST:].T.cpu(), model.neighbours

    def of(first: int, last: int) -> torch.Tensor:
        found = profiles[first:last] @ items
        return found if neighbours is None else found + neighbours.scores(data, rows[first:last], ends[first:last])

    return of
