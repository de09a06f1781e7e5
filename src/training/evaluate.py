"""Leave-one-out figures with full ranking: HR@10 and NDCG@10.

The last event of a user is the test, the one before validation. All items compete; those of the user's history are masked,
and an item with the same score as the target counts as ranked before it. A user whose target is no new item is left out.
"""

import numpy as np
import torch

from model import ProfileModel, unit
from windows import Histories

HELD = {"valid": 2, "test": 1}  # events from the end of the history to the target


def held_out(data: Histories, part: str, users=None):
    """(rows, ends): users with a new item at position `end`, and two events before it at least."""
    rows, ends = [], []
    for row in range(len(data.users)) if users is None else users:
        ids, end = data.item_ids[row], len(data.item_ids[row]) - HELD[part]
        if len(ids) >= 4 and ids[end] not in ids[:end]:
            rows.append(int(row))
            ends.append(end)
    return rows, ends


def seen_matrix(data: Histories, rows, ends) -> torch.Tensor:
    """(U, N) 1 where the user met the item before `end`."""
    seen = torch.zeros(len(rows), data.item_count)
    for b, (row, end) in enumerate(zip(rows, ends)):
        seen[b, torch.from_numpy(data.item_ids[row][:end])] = 1
    return seen


def figures(scores: torch.Tensor, seen: torch.Tensor, data: Histories, rows, ends) -> dict:
    """scores (U, N) -> {"hr@10", "ndcg@10", "users"}"""
    targets = torch.tensor([int(data.item_ids[r][e]) for r, e in zip(rows, ends)])[:, None]
    scores = scores.masked_fill(seen > 0, -torch.inf)
    ranks = (scores >= scores.gather(1, targets)).sum(1) - 1                      # (U,) 0 is the best
    hits = (ranks < 10).double()
    gains = hits / torch.log2(ranks.double() + 2)
    return {"hr@10": round(hits.mean().item(), 5), "ndcg@10": round(gains.mean().item(), 5), "users": len(rows)}


def popularity(data: Histories, part: str, users=None) -> dict:
    """Every item scored by how many users met it before their targets."""
    rows, ends = held_out(data, part, users)
    everyone = range(len(data.users)) if users is None else users
    counts = seen_matrix(data, everyone, [max(0, len(data.item_ids[r]) - HELD[part]) for r in everyone]).sum(0)
    return figures(counts.expand(len(rows), -1), seen_matrix(data, rows, ends), data, rows, ends)


@torch.no_grad()
def vectors(model: ProfileModel, data: Histories, rows, ends, size: int = 128) -> torch.Tensor:
    """(U, D) profiles of the windows before `ends`; windows of like length share a batch."""
    model.eval()
    order = sorted(range(len(rows)), key=lambda i: ends[i])
    out = torch.zeros(len(rows), model.shape.dimension)
    for start in range(0, len(order), size):
        part = order[start:start + size]
        out[part] = model(**data.batch([rows[i] for i in part], [ends[i] for i in part]))[0]
    return out


def next_item(model: ProfileModel, data: Histories, part: str) -> dict:
    """Items scored by the product of the profile and their vectors."""
    rows, ends = held_out(data, part)
    scores = vectors(model, data, rows, ends) @ model.item.weight[2:].detach().T  # (U, N)
    return figures(scores, seen_matrix(data, rows, ends), data, rows, ends)


def neighbour_scores(mine, theirs, seen, k: int, sharpness: float, same) -> torch.Tensor:
    """Items scored by the k nearest users: the sum of exp(sharpness * cosine) over those who met the item.

    mine (U, D), theirs (V, D), seen (V, N), same (U, V) true where both are one user -> (U, N)
    """
    cosine = (mine @ theirs.T).masked_fill(same, -torch.inf)                      # (U, V)
    best, who = cosine.topk(min(k, cosine.shape[1] - 1), dim=1)
    weights = torch.zeros_like(cosine).scatter_(1, who, torch.exp(sharpness * (best - best[:, :1])))
    return weights @ seen


def everyone(data: Histories, part: str, users):
    """(rows, ends) of all who may be neighbours: the users with anything before their own target."""
    rows = [r for r in users if len(data.item_ids[r]) > HELD[part]]
    return rows, [len(data.item_ids[r]) - HELD[part] for r in rows]


def neighbour_figures(profiles: torch.Tensor, data: Histories, part: str, users, k: int, sharpness: float) -> dict:
    """`profiles` (V, D) are those of everyone(data, part, users)."""
    rows, ends = held_out(data, part, users)
    others, other_ends = everyone(data, part, users)
    seen = seen_matrix(data, others, other_ends)                                  # (V, N)
    mine = torch.tensor([others.index(r) for r in rows])
    same = mine[:, None] == torch.arange(len(others))                             # (U, V)
    scores = neighbour_scores(profiles[mine], profiles, seen, k, sharpness, same)
    return figures(scores, seen[mine], data, rows, ends)


def nearest_users(model: ProfileModel, data: Histories, part: str, worlds, k: int = 50, sharpness: float = 10.0) -> dict:
    """Neighbour figures within each of the worlds, averaged over the users."""
    found = []
    for world in worlds:
        users = np.flatnonzero(data.worlds == world).tolist()
        profiles = vectors(model, data, *everyone(data, part, users))
        found.append(neighbour_figures(profiles, data, part, users, k, sharpness))
    return pooled(found)


def pooled(parts: list) -> dict:
    """One figure over all users of several evaluations."""
    users = sum(p["users"] for p in parts)
    mean = {name: round(sum(p[name] * p["users"] for p in parts) / users, 5) for name in ("hr@10", "ndcg@10")}
    return {**mean, "users": users}
