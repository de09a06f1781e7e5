"""Figures of nearest users: items scored by what the users with the nearest profiles have met."""

import numpy as np
import torch

from profile_training.encoding.histories import EncodedHistories
from profile_training.errors import DataError
from profile_training.evaluation.leave_one_out import HELD, held_out
from profile_training.evaluation.ranking import ranks, summary, vectors


def nearest_user_scores(mine, theirs, seen, k: int, sharpness: float, same) -> torch.Tensor:
    """Items scored by the k nearest users: the sum of exp(sharpness * cosine) over those who met the item.

    mine (U, D), theirs (V, D), seen (N, V) sparse, same (U, V) true if both are the same user -> (U, N)
    """
    cosine = (mine @ theirs.T).masked_fill(same, -torch.inf)                      # (U, V)
    best, nearest = cosine.topk(min(k, cosine.shape[1] - 1), dim=1)               # (U, k)
    weights = torch.zeros_like(cosine).scatter_(1, nearest, torch.exp(sharpness * (best - best[:, :1])))
    return torch.sparse.mm(seen, weights.T).T


def users_with_events(data: EncodedHistories, split: str, users):
    """(rows, ends) of the users with at least one event before their own target."""
    rows = [r for r in users if len(data.ids(r)) > HELD[split]]
    return rows, [len(data.ids(r)) - HELD[split] for r in rows]


def seen_matrix(data: EncodedHistories, rows, ends) -> torch.Tensor:
    """(N, U), sparse: 1 where the user met the item before `end`."""
    met = [np.unique(data.ids(row)[:end]) for row, end in zip(rows, ends)]
    cells = torch.from_numpy(np.stack([np.concatenate(met), np.repeat(np.arange(len(met)), [len(items) for items in met])]))
    return torch.sparse_coo_tensor(cells, torch.ones(cells.shape[1]), (data.item_count, len(rows))).coalesce()


def nearest_user_figures(profiles: torch.Tensor, data: EncodedHistories, split: str, users, k: int, sharpness: float) -> dict:
    """`profiles` (V, D) are those of users_with_events(data, split, users)."""
    rows, ends = held_out(data, split, users)
    if not rows:
        return summary(torch.empty(0))
    others, other_ends = users_with_events(data, split, users)
    seen, row_of = seen_matrix(data, others, other_ends), {row: n for n, row in enumerate(others)}
    own = torch.tensor([row_of[row] for row in rows])                             # (U) rows of `profiles`

    def scores(first: int, last: int) -> torch.Tensor:                            # (B, N)
        mine = own[first:last]
        same = mine[:, None] == torch.arange(len(others))                         # (B, V)
        return nearest_user_scores(profiles[mine], profiles, seen, k, sharpness, same)

    return summary(ranks(scores, data, rows, ends))


def figures_of_worlds(model, data: EncodedHistories, split: str, worlds, k: int = 50, sharpness: float = 10.0) -> dict:
    """Figures of nearest users within each of the worlds, averaged over all users."""
    found = []
    for world in worlds:
        users = np.flatnonzero(data.worlds == world).tolist()
        profiles = vectors(model, data, *users_with_events(data, split, users))
        found.append(nearest_user_figures(profiles, data, split, users, k, sharpness))
    return pooled(found)


def pooled(evaluations: list) -> dict:
    """The figures of several evaluations, averaged over all their users."""
    found = [figures for figures in evaluations if figures["users"]]
    users = sum(figures["users"] for figures in found)
    if not users:
        raise DataError("no world that is kept for measuring has a user with at least 4 events whose last two items are new to them")
    mean = {name: round(sum(figures[name] * figures["users"] for figures in found) / users, 5) for name in ("hr@10", "ndcg@10")}
    return {**mean, "users": users}
