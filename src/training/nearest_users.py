"""The objective of the starter model: users near each other meet the same items next."""

import math

import numpy as np
import torch
from torch import nn

import protocol
from configs import Config
from protocol import HELD, HELD_OUT, held_out, ranks, seen_matrix, summary, vectors
from starter_model import SUB, StarterModel
from windows import Histories, device_of, forget

UNSEEN = 8  # one world in so many is kept out of training, for the figures


class NearestUsers:
    """Users near each other meet the same items next (after neighbourhood components analysis, Goldberger et al. 2004).

    Every user of a batch picks neighbours among the others by softmax(cosine / temperature) and scores items by what those
    have met; the loss is the share of the scores, over items new to the user, that the held-out next item gets. Ids are
    salted anew for every batch, so that nothing can be learned about any id, only about how events combine.
    """

    def __init__(self, config: Config, data: Histories, rng: np.random.Generator):
        self.config, self.data, self.rng = config, data, rng
        self.log_sharpness = nn.Parameter(torch.tensor(math.log(8.0)))
        self.parameters, self.last_figures = [self.log_sharpness], 3
        worlds = np.unique(data.worlds)
        self.unseen = worlds[::UNSEEN]
        self.seen = np.setdiff1d(worlds, self.unseen) if len(worlds) > 1 else worlds

    def batches(self):
        """One epoch: a batch of every world, each user cut at a random event that brings a new item."""
        for world in self.rng.permutation(self.seen):
            users = np.flatnonzero(self.data.worlds == world)
            rows, ends = [], []
            for row in self.rng.permutation(users)[:self.config.batch]:
                ids = self.data.ids(row)[:-HELD_OUT]
                fresh = np.sort(np.unique(ids, return_index=True)[1])               # first meetings
                fresh = fresh[fresh >= 2]
                if len(fresh):
                    rows.append(int(row))
                    ends.append(int(self.rng.choice(fresh[-max(1, len(fresh) * 2 // 3):])))
            if len(rows) > 8:
                yield rows, ends

    def salted(self, index):
        """A random bijection of the hash buckets; the free indices stay."""
        factor, shift = int(self.rng.integers(SUB)) * 2 + 1, int(self.rng.integers(SUB * SUB))
        return torch.where(index > 1, ((index - 2) * factor + shift) % (SUB * SUB) + 2, index)

    def loss(self, model: StarterModel, rows, ends):
        batch = self.data.batch(rows, ends, device_of(model))
        batch["items"], batch["categories"] = self.salted(batch["items"]), self.salted(batch["categories"])
        batch["attributes"] = forget(batch["attributes"], self.config.forget)
        vectors = model(**batch)[0].cpu()                                            # (B, D)
        meetings = [self.data.ids(row)[:end] for row, end in zip(rows, ends)]
        targets = [self.data.ids(row)[end] for row, end in zip(rows, ends)]
        items = {item: n for n, item in enumerate(np.unique(np.concatenate([*meetings, targets])))}
        met = torch.zeros(len(rows), len(items))                                    # (B, N)
        for b, ids in enumerate(meetings):
            met[b, [items[i] for i in ids]] = 1
        target = torch.tensor([items[i] for i in targets])[:, None]                 # (B, 1)
        cosine = vectors @ vectors.T                                                # (B, B)
        alone = torch.eye(len(rows), dtype=torch.bool)
        nearness = torch.softmax((cosine * self.log_sharpness.exp()).masked_fill(alone, -1e9), dim=1)
        scores = (nearness @ met) * (1 - met)                                       # (B, N) new items only
        known = (met.sum(0)[target[:, 0]] > 0)                                      # somebody else met the target
        share = scores.gather(1, target)[:, 0] / scores.sum(1).clamp(min=1e-9)
        return -torch.log(share[known].clamp(min=1e-6)).mean(), sum(min(e, self.config.max_events) for e in ends)

    def learned(self) -> dict:
        return {}

    def figures(self, model: StarterModel, part: str, everyone: bool = False) -> dict:
        return nearest_users(model, self.data, part, self.unseen)

    def popularity(self) -> dict:
        return pooled([protocol.popularity(self.data, "test", np.flatnonzero(self.data.worlds == world).tolist())
                                for world in self.unseen])


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
    rows = [r for r in users if len(data.ids(r)) > HELD[part]]
    return rows, [len(data.ids(r)) - HELD[part] for r in rows]


def neighbour_figures(profiles: torch.Tensor, data: Histories, part: str, users, k: int, sharpness: float) -> dict:
    """`profiles` (V, D) are those of everyone(data, part, users)."""
    rows, ends = held_out(data, part, users)
    others, other_ends = everyone(data, part, users)
    seen = seen_matrix(data, others, other_ends)                                  # (V, N)
    mine = torch.tensor([others.index(r) for r in rows])
    same = mine[:, None] == torch.arange(len(others))                             # (U, V)
    scores = neighbour_scores(profiles[mine], profiles, seen, k, sharpness, same)
    return summary(ranks(lambda first, last: scores[first:last], data, rows, ends))


def nearest_users(model: StarterModel, data: Histories, part: str, worlds, k: int = 50, sharpness: float = 10.0) -> dict:
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
