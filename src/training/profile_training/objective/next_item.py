"""The objective of a catalogue's model: every event predicts the next item."""

import math

import numpy as np
import torch
from torch import nn

from profile_training.config.config import Config
from profile_training.counting.fit import fit
from profile_training.counting.likings import likings_of
from profile_training.counting.neighbours import neighbours_of
from profile_training.encoding.encoder import UNKNOWN
from profile_training.encoding.histories import TIME, EncodedHistories
from profile_training.evaluation import leave_one_out
from profile_training.model.layers import device_of
from profile_training.model.profile_model import ProfileModel
from profile_training.objective.attributes import forget
from profile_training.objective.candidates import Candidates
from profile_training.objective.cross_entropy import CrossEntropy
from profile_training.objective.predecessor import Predecessor
from profile_training.objective.shares import cost, settle

VALIDATED = 10_000  # users at most in the figures of an epoch; the final figures are of all users


class NextItem:
    def __init__(self, config: Config, data: EncodedHistories, rng: np.random.Generator, before: Predecessor | None = None):
        self.config, self.data, self.rng, self.before = config, data, rng, before
        self.sharpness = nn.Parameter(torch.tensor(-math.log(config.temperature)))
        self.parameters = [self.sharpness]
        self.learn_from(np.maximum(data.lengths() - leave_one_out.HELD_OUT, 0))
        rows = np.arange(len(data.users))
        sample = len(rows) > VALIDATED
        self.validated = np.sort(np.random.default_rng(0).choice(rows, VALIDATED, replace=False)) if sample else rows
        self.final_cost = cost(len(self.validated)) + 4 * len(rows) / max(1, len(self.validated))  # of the final figures, in validations

    def learn_from(self, length: np.ndarray) -> None:
        """`length` (U): how many of each user's events, the oldest first, training uses."""
        self.length = length
        targets = [np.arange(start + 1, start + count) for start, count in zip(self.data.starts, length) if count > 1]
        target_ids = self.data.item_ids[np.concatenate(targets or [np.empty(0, np.int64)])]
        self.candidates = Candidates(np.bincount(target_ids, minlength=self.data.item_count), self.config.negatives, self.rng)

    def take_whole_log(self, model: ProfileModel) -> None:
        """From now on all events are learned and counted."""
        self.learn_from(self.data.lengths())
        fit(model, self.data, self.length)
        before = model.neighbours
        model.neighbours = neighbours_of(self.data, self.length, before.category_weight).with_weight(before.weight)
        model.likings = likings_of(self.data, self.length)

    def cuts(self):
        """Histories without their held-out events, cut at random: (row, end, number of targets), every target in one piece."""
        longest = self.config.max_events
        for row in np.flatnonzero(self.length >= 2):
            begin, end = self.begin(int(row)), int(self.length[row])
            first = end if end - begin <= longest else begin - 1 + int(self.rng.integers(2, longest + 2))
            for piece in [*range(first, end, longest), end] if begin < end else ():
                yield int(row), piece, piece - begin
                begin = piece

    def begin(self, row: int) -> int:
        """The first event of a user that is a target."""
        return 1 if self.before is None else self.before.begin(row, self.rng.random() < self.config.replay)

    def batches(self):
        """One epoch: batches of about equal numbers of targets, of pieces of similar lengths, in random order."""
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
        """(cross-entropy, averaged over the towers; number of targets) of a batch: the last `targets` of each piece are learned."""
        rows, ends, device = np.asarray(rows), np.asarray(ends), device_of(model)
        batch = self.data.batch(rows, ends - 1, device)
        batch.pop(TIME, None)  # of the facts, which are not trained
        length = batch["items"].shape[1]
        place = np.arange(length)
        learned = place >= length - np.asarray(targets)[:, None]                           # (B, L)
        cells = self.data.starts[rows][:, None] + ends[:, None] - length + place
        target = self.data.item_ids[cells[learned]]                                        # (T,) the next item
        taught = None if self.before is None or not self.config.distillation else self.before.profiles(batch)
        batch["attributes"] = forget(batch["attributes"], self.config.forget)
        unknown = torch.rand(batch["items"].shape, device=device) < self.config.unknown
        batch["items"] = torch.where(unknown & (batch["items"] > 0), torch.full_like(batch["items"], UNKNOWN), batch["items"])
        drawn, offset, target = (t if t is None else t.to(device) for t in self.candidates.draw(target))
        learned, losses = torch.from_numpy(learned).to(device), []
        old = self.is_old(cells, learned, rows)
        for n, tower in enumerate(model.towers):
            profile, _ = tower.profile(**batch)                                            # (B, L, W)
            h = profile[learned] * self.sharpness.exp().to(device)                         # (T, W)
            losses.append(CrossEntropy.apply(h, tower.item_directions(drawn), offset, target))
            if taught is not None and old.any():
                apart = 1 - (profile * taught[n]).sum(2)
                losses[-1] = losses[-1] + self.config.distillation * apart[old].sum() / len(target)
        return sum(losses) / len(losses), len(target)

    def is_old(self, cells, learned, rows):
        if self.before is None:
            return None
        return torch.from_numpy((cells - self.data.starts[rows][:, None] < self.before.known[rows][:, None])) & learned

    def settle(self, model: ProfileModel) -> None:
        """Chooses on validation what the parts of an item's score count."""
        settle(model, self.data, self.length, self.validated)

    def learned(self, model: ProfileModel) -> dict:
        """For the manifest: what was learned beside the weights of the model."""
        return {"temperature": math.exp(-self.sharpness.item()) * model.scale()}

    def figures(self, model: ProfileModel, part: str, everyone: bool = False) -> dict:
        return leave_one_out.next_item(model, self.data, part, None if everyone else self.validated)

    def floors(self) -> dict:
        """What scores on the test without any training."""
        return {floor.__name__: floor(self.data, "test") for floor in (leave_one_out.popularity, leave_one_out.transitions)}
