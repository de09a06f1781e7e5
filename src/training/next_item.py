"""The objective of a catalogue's model: every event predicts the item of the next one."""

import math

import numpy as np
import torch
from torch import nn

import protocol
from configs import Config
from encode import UNKNOWN
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
        self.length = np.maximum(lengths - protocol.HELD_OUT, 0)
        learned = np.concatenate([np.arange(s + 1, s + n) for s, n in zip(starts, self.length) if n > 1] or [np.empty(0, np.int64)])
        self.candidates = Candidates(np.bincount(data.item_ids[learned], minlength=data.item_count), config.negatives, rng)
        rows = np.arange(len(data.users))
        self.validated = rows if len(rows) <= VALIDATED else np.sort(np.random.default_rng(0).choice(rows, VALIDATED, replace=False))
        self.last_figures = 3 * len(rows) / len(self.validated)  # how many validations the figures after training take

    def cuts(self):
        """Histories without their held-out events, cut at random places: (row, end, targets) each, every target in one piece."""
        longest = self.config.max_events
        for row in np.flatnonzero(self.length >= 2):
            before, end = 1, int(self.length[row])
            first = end if end - 1 <= longest else int(self.rng.integers(2, longest + 2))
            for piece in [*range(first, end, longest), end]:
                yield int(row), piece, piece - before
                before = piece

    def batches(self):
        """One epoch: batches of about as many targets each, of pieces of like lengths, in random order."""
        cuts = list(self.cuts())
        near = np.array([min(end - 1, self.config.max_events) for _, end, _ in cuts]) + 1.5 * self.rng.random(len(cuts))
        batches, batch, count = [], [], 0
        for cut in (cuts[i] for i in np.argsort(near)):
            batch.append(cut)
            count += cut[2]
            if count >= self.config.batch:
                batches.append(tuple(zip(*batch)))
                batch, count = [], 0
        if batch:
            batches.append(tuple(zip(*batch)))
        self.rng.shuffle(batches)
        return batches

    def loss(self, model: ProfileModel, rows, ends, targets):
        """(cross-entropy, mean of the towers, number of targets) of a batch: the newest `targets` of each piece are learned."""
        rows, ends, device = np.asarray(rows), np.asarray(ends), device_of(model)
        batch = self.data.batch(rows, ends - 1, device)
        length = batch["items"].shape[1]
        place = np.arange(length)
        learned = place >= length - np.asarray(targets)[:, None]                           # (B, L)
        cells = self.data.starts[rows][:, None] + ends[:, None] - length + place
        target = self.data.item_ids[cells[learned]]                                        # (T,) the item that follows
        batch["attributes"] = forget(batch["attributes"], self.config.forget)
        unknown = torch.rand(batch["items"].shape, device=device) < self.config.unknown
        batch["items"] = torch.where(unknown & (batch["items"] > 0), torch.full_like(batch["items"], UNKNOWN), batch["items"])
        drawn, offset, target = (t if t is None else t.to(device) for t in self.candidates.draw(target))
        learned, losses = torch.from_numpy(learned).to(device), []
        for tower in model.towers:
            profile, _ = tower.profile(**batch)                                   # (B, L, W)
            h = profile[learned] * self.sharpness.exp().to(device)                         # (T, W)
            losses.append(CrossEntropy.apply(h, tower.item_directions(drawn), offset, target))
        return sum(losses) / len(losses), len(target)

    def learned(self) -> dict:
        """What training found beside the weights of the model."""
        return {"temperature": math.exp(-self.sharpness.item())}

    def figures(self, model: ProfileModel, part: str, everyone: bool = False) -> dict:
        return protocol.next_item(model, self.data, part, None if everyone else self.validated)

    def popularity(self) -> dict:
        return protocol.popularity(self.data, "test")
