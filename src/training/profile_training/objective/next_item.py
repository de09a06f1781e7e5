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
from profile_training.evaluation.ranking import ranks, scores, summary, vectors
from profile_training.model.layers import device_of
from profile_training.model.profile_model import ProfileModel
from profile_training.objective.attributes import forget
from profile_training.objective.candidates import Candidates
from profile_training.objective.cross_entropy import CrossEntropy
from profile_training.objective.predecessor import Predecessor
from profile_training.objective.score_weights import cost, settle

VALIDATED = 10_000  # users, at most, that an epoch is validated on; half as many with --from. The final figures are of all users
FINAL = 4           # rankings for all users at the end: test, validation, and the two baselines
FINAL_FROM = 2      # more with --from: the package as it was, and this model on the events that are newer than that package


class NextItem:
    def __init__(self, config: Config, data: EncodedHistories, rng: np.random.Generator, before: Predecessor | None = None):
        self.config, self.data, self.rng, self.before = config, data, rng, before
        self.sharpness = nn.Parameter(torch.tensor(-math.log(config.temperature)))
        self.parameters = [self.sharpness]
        self.learn_from(leave_one_out.trained_lengths(data))
        rows = np.arange(len(data.users))
        most = VALIDATED if before is None else VALIDATED // 2
        self.validated = np.sort(np.random.default_rng(0).choice(rows, most, replace=False)) if len(rows) > most else rows
        # of the final figures, in validations
        final = FINAL if before is None else FINAL + FINAL_FROM
        self.final_cost = cost(len(self.validated)) + final * len(rows) / max(1, len(self.validated))

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
        old = model.neighbours
        model.neighbours = neighbours_of(self.data, self.length, old.category_weight).with_weight(old.weight)
        model.likings = likings_of(self.data, self.length)

    def cuts(self):
        """Histories without their held-out events, cut at random: (row, end, number of targets), each target is in exactly one piece."""
        longest = self.config.max_events
        for row in self.users_read():
            before, end = 1, int(self.length[row])
            first = end if end - 1 <= longest else int(self.rng.integers(2, longest + 2))
            for piece in [*range(first, end, longest), end]:
                yield int(row), piece, piece - before
                before = piece

    def users_read(self) -> np.ndarray:
        """The users whose histories an epoch reads."""
        is_read = self.length >= 2
        if self.before is not None:
            is_read &= self.before.read(self.length, self.config.replay, self.rng)
        return np.flatnonzero(is_read)

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
        batch.pop(TIME, None)  # only the facts use it, and they are not trained
        length = batch["items"].shape[1]
        place = np.arange(length)
        is_target = place >= length - np.asarray(targets)[:, None]                         # (B, L)
        begins = self.data.starts[rows][:, None]
        cells = begins + ends[:, None] - length + place
        target = self.data.item_ids[cells[is_target]]                                      # (T,) the next item
        taught = self.before.profiles(batch) if self.before is not None and self.config.distillation else []
        batch["attributes"] = forget(batch["attributes"], self.config.forget)
        unknown = torch.rand(batch["items"].shape, device=device) < self.config.unknown
        batch["items"] = torch.where(unknown & (batch["items"] > 0), torch.full_like(batch["items"], UNKNOWN), batch["items"])
        drawn, offset, target = (t if t is None else t.to(device) for t in self.candidates.draw(target))
        is_target, losses = torch.from_numpy(is_target).to(device), []
        for tower in model.towers:
            profile, _ = tower.profile(**batch)                                            # (B, L, W)
            h = profile[is_target] * self.sharpness.exp().to(device)                       # (T, W)
            losses.append(CrossEntropy.apply(h, tower.item_directions(drawn), offset, target))
            if taught:
                old = is_target & torch.from_numpy(cells - begins < self.before.known[rows][:, None]).to(device)
                apart = 1 - (profile * taught.pop(0)).sum(2)                               # (B, L)
                losses[-1] = losses[-1] + self.config.distillation * apart[old].sum() / len(target)
        return sum(losses) / len(losses), len(target)

    def settle(self, model: ProfileModel) -> None:
        """Chooses the weights of an item's score on validation."""
        settle(model, self.data, self.length, self.validated)

    def manifest(self, model: ProfileModel) -> dict:
        """What was learned besides the weights of the model."""
        return {"temperature": math.exp(-self.sharpness.item()) * model.scale()}

    def figures(self, model: ProfileModel, split: str, everyone: bool = False) -> dict:
        return leave_one_out.next_item(model, self.data, split, None if everyone else self.validated)

    def baselines(self, model: ProfileModel) -> dict:
        """Figures on the test of popularity, of transitions and, with --from, of the package before this training."""
        counted = {"popularity": leave_one_out.popularity(self.data, "test"), "transitions": leave_one_out.transitions(self.data, "test")}
        return counted if self.before is None else {**counted, **self.untouched(model)}

    def untouched(self, model: ProfileModel) -> dict:
        """Figures of the package as it was.

        `newer`: of both models, for the users whose test event came after the package's log; on the other test events it may have been
        trained.
        """
        data, package = self.before.reading(self.data), self.before.model
        rows, ends = leave_one_out.held_out(data, "test")
        rank = ranks(scores(package, data, rows, ends, vectors(package, data, rows, ends)), data, rows, ends)
        newer = (data.lengths() > self.before.known)[rows]
        both = {"trained": leave_one_out.next_item(model, self.data, "test", np.array(rows)[newer]),
                "untouched": summary(rank[torch.from_numpy(newer)])} if newer.any() else None
        return {"untouched": summary(rank), **({"newer": both} if both else {})}
