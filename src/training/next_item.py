"""The objective of a catalogue's model: every event predicts the item of the next one."""

import math

import numpy as np
import torch
from torch import nn

import protocol
from configs import Config
from model import ProfileModel
from softmax import Candidates, CrossEntropy
from windows import Histories, device_of, forget

VALIDATED = 10_000  # users at most whom an epoch's figures are of; the final ones are of all


class NextItem:
    def __init__(self, config: Config, data: Histories, rng: np.random.Generator):
        self.config, self.data, self.rng = config, data, rng
        self.sharpness = nn.Parameter(torch.tensor(-math.log(config.temperature)))
        self.parameters = [self.sharpness]
        starts, lengths = data.starts[:-1], data.lengths()
        self.length = np.maximum(lengths - 2, 0)  # the two newest events of each user are held out
        learned = np.concatenate([np.arange(s + 1, s + n) for s, n in zip(starts, self.length) if n > 1] or [np.empty(0, np.int64)])
        self.candidates = Candidates(np.bincount(data.item_ids[learned], minlength=data.item_count), config.negatives, rng)
        rows = np.arange(len(data.users))
        self.validated = rows if len(rows) <= VALIDATED else np.sort(np.random.default_rng(0).choice(rows, VALIDATED, replace=False))
        self.last_figures = 3 * len(rows) / len(self.validated)  # how many validations the figures after training take

    def cuts(self):
        """Histories without their held-out events, cut into pieces at random places: (row, end, targets) each."""
        longest = self.config.max_events
        for row in np.flatnonzero(self.length >= 2):
            end = int(self.length[row])
            if end <= longest:
                yield int(row), end, end - 1
            else:
                odd = int(self.rng.integers(2, longest))  # the odd piece is the oldest
                yield int(row), odd, odd - 1
                yield from ((int(row), e, min(longest, e - 1)) for e in range(end, odd, -longest))

    def batches(self):
        """One epoch: batches of about as many targets each, of pieces of like lengths, in random order."""
        cuts = list(self.cuts())
        near = np.array([targets for _, _, targets in cuts]) + 1.5 * self.rng.random(len(cuts))
        batches, rows, ends, count = [], [], [], 0
        for row, end, targets in (cuts[i] for i in np.argsort(near)):
            rows, ends, count = [*rows, row], [*ends, end], count + targets
            if count >= self.config.batch:
                batches.append((rows, ends))
                rows, ends, count = [], [], 0
        if rows:
            batches.append((rows, ends))
        self.rng.shuffle(batches)
        return batches

    def loss(self, model: ProfileModel, rows, ends):
        """(cross-entropy, mean of the towers, number of targets) of a batch."""
        ends = np.asarray(ends)
        device = device_of(model)
        batch = self.data.batch(rows, ends - 1, device)
        real = batch["items"] > 0                                                          # (B, L)
        length = real.shape[1]
        place = self.data.starts[rows][:, None] + ends[:, None] - length + np.arange(length)
        target = self.data.item_ids[place[real.cpu().numpy()]]                             # (T,) the item that follows
        batch["attributes"] = forget(batch["attributes"], self.config.forget)
        drawn, offset, target = (t if t is None else t.to(device) for t in self.candidates.draw(target))
        losses = []
        for tower in model.towers:
            profile, _ = tower.profile(**batch, first=0)                                   # (B, L, W)
            h = profile[real] * self.sharpness.exp().to(device)                            # (T, W)
            losses.append(CrossEntropy.apply(h, tower.item_directions(drawn), offset, target))
        return sum(losses) / len(losses), len(target)

    def figures(self, model: ProfileModel, part: str, everyone: bool = False) -> dict:
        return protocol.next_item(model, self.data, part, None if everyone else self.validated)

    def popularity(self) -> dict:
        return protocol.popularity(self.data, "test")

