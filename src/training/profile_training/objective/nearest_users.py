"""The objective of the starter model: users who are near by what their profiles say of now meet the same items next."""

import math

import numpy as np
import torch
from torch import nn

from profile_training.config.config import Config
from profile_training.encoding.histories import INPUTS, EncodedHistories
from profile_training.evaluation import leave_one_out, nearest_users
from profile_training.model.layers import device_of, unit
from profile_training.model.starter_model import BASE, StarterModel
from profile_training.objective.attributes import forget

UNSEEN = 8     # every 8th world is kept out of training, for the figures
FEWEST = 9     # users of a batch
NEVER = -1e9   # masks a user's cosine with itself


class NearestUsers:
    """Neighbourhood components analysis (after Goldberger et al. 2004) with items instead of classes.

    Every user of a batch weighs the others by softmax(cosine / temperature) and scores items by what they have met; the loss
    is -log of the held-out next item's share of the scores of all items that are new to the user. Ids are permuted anew for
    every batch, so that nothing can be learned about an id, only about how events combine.
    """

    def __init__(self, config: Config, data: EncodedHistories, rng: np.random.Generator):
        self.config, self.data, self.rng = config, data, rng
        self.log_sharpness = nn.Parameter(torch.tensor(math.log(8.0)))
        self.parameters, self.final_cost = [self.log_sharpness], 3  # final figures cost three validations
        worlds = np.unique(data.worlds)
        self.unseen = worlds[::UNSEEN]
        self.seen = np.setdiff1d(worlds, self.unseen) if len(worlds) > 1 else worlds

    def batches(self):
        """One epoch: one batch per world, each user cut at a random event with a new item."""
        for world in self.rng.permutation(self.seen):
            users = np.flatnonzero(self.data.worlds == world)
            rows, ends = [], []
            for row in self.rng.permutation(users)[:self.config.batch]:
                ids = self.data.ids(row)[:-leave_one_out.HELD_OUT]
                fresh = np.sort(np.unique(ids, return_index=True)[1])               # first events of each item
                fresh = fresh[fresh >= 2]
                if len(fresh):
                    rows.append(int(row))
                    ends.append(int(self.rng.choice(fresh[-max(1, len(fresh) * 2 // 3):])))
            if len(rows) >= FEWEST:
                yield rows, ends

    def permuted(self, index):
        """A random bijection of the hash buckets; padding and unknown stay."""
        factor, shift = int(self.rng.integers(BASE)) * 2 + 1, int(self.rng.integers(BASE * BASE))
        return torch.where(index > 1, ((index - 2) * factor + shift) % (BASE * BASE) + 2, index)

    def loss(self, model: StarterModel, rows, ends):
        """(loss, number of events) of a batch."""
        batch = self.data.windows(rows, ends, device_of(model))
        batch["items"], batch["categories"] = self.permuted(batch["items"]), self.permuted(batch["categories"])
        batch["attributes"] = forget(batch["attributes"], self.config.forget)
        now, _ = model.profile(**{name: batch[name] for name in INPUTS})            # (B, 1, N); the other segments learn nothing
        vectors = unit(now[:, -1]).cpu()
        meetings = [self.data.ids(row)[:end] for row, end in zip(rows, ends)]
        targets = [self.data.ids(row)[end] for row, end in zip(rows, ends)]
        items = {item: n for n, item in enumerate(np.unique(np.concatenate([*meetings, targets])))}
        met = torch.zeros(len(rows), len(items))                                    # (B, N) 1 for an item of the past
        for b, ids in enumerate(meetings):
            met[b, [items[i] for i in ids]] = 1
        target = torch.tensor([items[i] for i in targets])[:, None]                 # (B, 1)
        cosine = vectors @ vectors.T                                                # (B, B)
        same = torch.eye(len(rows), dtype=torch.bool)
        nearness = torch.softmax((cosine * self.log_sharpness.exp()).masked_fill(same, NEVER), dim=1)
        scores = (nearness @ met) * (1 - met)                                       # (B, N) new items only
        known = (met.sum(0)[target[:, 0]] > 0)                                      # (B) another user met the target
        if not known.any():
            return 0 * scores.sum(), 0
        share = scores.gather(1, target)[:, 0] / scores.sum(1).clamp(min=1e-9)
        return -torch.log(share[known].clamp(min=1e-6)).mean(), sum(min(e, self.config.max_events) for e in ends)

    def settle(self, model) -> None:
        """Nothing is chosen after training."""

    def manifest(self, model) -> dict:
        return {}

    def figures(self, model: StarterModel, split: str, everyone: bool = False) -> dict:
        return nearest_users.figures_of_worlds(model, self.data, split, self.unseen)

    def baselines(self, model) -> dict:
        """Figures on the test of popularity."""
        of_worlds = (np.flatnonzero(self.data.worlds == world).tolist() for world in self.unseen)
        return {"popularity": nearest_users.pooled([leave_one_out.popularity(self.data, "test", users) for users in of_worlds])}
