"""Training: two objectives, one loop."""

import math
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import evaluate
from configs import Config
from encode import size_of
from model import SUB, ProfileModel, Shape
from windows import Histories

UNSEEN = 8  # one world in so many is kept out of training, for the figures


def shape_of(config: Config, inputs: dict) -> Shape:
    return Shape(config.dimension, config.width, config.heads, config.layers, config.max_events, config.hashed,
                 *(size_of(inputs[name]) for name in ("items", "categories", "kinds", "gaps")),
                 tuple(size_of(a) for a in inputs["attributes"]))


class NextItem:
    """Every event predicts the item of the next one: cross-entropy over the whole catalogue."""

    def __init__(self, config: Config, data: Histories, rng: np.random.Generator):
        self.config, self.data, self.rng = config, data, rng
        self.parameters = []

    def batches(self):
        """One epoch: all histories but their two held-out events, cut into windows at random places."""
        cuts = []
        for row, length in enumerate(self.data.lengths()):
            end = int(length) - 2
            if end > self.config.max_events:
                cuts.append((row, int(self.rng.integers(2, self.config.max_events))))  # the odd piece is the oldest
                cuts += [(row, e) for e in range(end, cuts[-1][1], -self.config.max_events)]
            elif end >= 2:
                cuts.append((row, end))
        self.rng.shuffle(cuts)
        cuts.sort(key=lambda cut: min(self.config.max_events, cut[1]) // 8)  # like lengths together
        for start in self.rng.permutation(range(0, len(cuts), self.config.batch)):
            rows, ends = zip(*cuts[start:start + self.config.batch])
            yield list(rows), list(ends)

    def loss(self, model: ProfileModel, rows, ends):
        batch = self.data.batch(rows, [end - 1 for end in ends])
        length = batch["items"].shape[1]
        targets = self.data.batch(rows, ends)["items"][:, -length:]                 # (B, L) the item that follows
        batch["attributes"] = forget(batch["attributes"], 0.2)
        real = batch["items"] > 0
        profile, _ = model.profile(**batch, first=0)                                # (B, L, D)
        logits = profile[real] @ model.item.weight[2:].T                            # (events, N)
        return F.cross_entropy(logits, targets[real] - 2), int(real.sum())

    def figures(self, model: ProfileModel, part: str) -> dict:
        return evaluate.next_item(model, self.data, part)

    def popularity(self) -> dict:
        return evaluate.popularity(self.data, "test")


class NearestUsers:
    """Users near each other meet the same items next (after neighbourhood components analysis, Goldberger et al. 2004).

    Every user of a batch picks neighbours among the others by softmax(cosine / temperature) and scores items by what those
    have met; the loss is the share of the scores, over items new to the user, that the held-out next item gets. Ids are
    salted anew for every batch, so that nothing can be learned about any id, only about how events combine.
    """

    def __init__(self, config: Config, data: Histories, rng: np.random.Generator):
        self.config, self.data, self.rng = config, data, rng
        self.log_sharpness = nn.Parameter(torch.tensor(math.log(8.0)))
        self.parameters = [self.log_sharpness]
        worlds = np.unique(data.worlds)
        self.unseen = worlds[::UNSEEN]
        self.seen = np.setdiff1d(worlds, self.unseen) if len(worlds) > 1 else worlds

    def batches(self):
        """One epoch: a batch of every world, each user cut at a random event that brings a new item."""
        for world in self.rng.permutation(self.seen):
            users = np.flatnonzero(self.data.worlds == world)
            rows, ends = [], []
            for row in self.rng.permutation(users)[:self.config.batch]:
                ids = self.data.item_ids[row][:-2]
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

    def loss(self, model: ProfileModel, rows, ends):
        batch = self.data.batch(rows, ends)
        batch["items"], batch["categories"] = self.salted(batch["items"]), self.salted(batch["categories"])
        batch["attributes"] = forget(batch["attributes"], 0.6)
        vectors = model(**batch)[0]                                                 # (B, D)
        meetings = [self.data.item_ids[row][:end] for row, end in zip(rows, ends)]
        targets = [self.data.item_ids[row][end] for row, end in zip(rows, ends)]
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

    def figures(self, model: ProfileModel, part: str) -> dict:
        return evaluate.nearest_users(model, self.data, part, self.unseen)

    def popularity(self) -> dict:
        return evaluate.pooled([evaluate.popularity(self.data, "test", np.flatnonzero(self.data.worlds == world).tolist())
                                for world in self.unseen])


def forget(attributes, chance: float):
    """Each user loses all attributes with this chance, and each attribute of the rest with half of it."""
    keep = (torch.rand(len(attributes), 1) >= chance) & (torch.rand(attributes.shape) >= chance / 2)
    return attributes * keep


OBJECTIVES = {"next-item": NextItem, "nearest-users": NearestUsers}


def train(config: Config, data: Histories, inputs: dict, minutes: float, seed: int):
    """The model of the best epoch on validation, and its metrics."""
    torch.manual_seed(seed)
    objective = OBJECTIVES[config.objective](config, data, np.random.default_rng(seed))
    model = ProfileModel(shape_of(config, inputs), config.dropout)
    trained = [p for p in model.parameters() if p.requires_grad] + objective.parameters
    optimizer = torch.optim.Adam(trained, lr=config.learning_rate)
    begin, budget = time.process_time(), minutes * 60
    best, best_weights, since = objective.figures(model, "valid"), None, 0
    print(f"{sum(p.numel() for p in trained):,} weights; before training {best}", flush=True)

    for epoch in range(1, config.epochs + 1):
        model.train()
        losses, events, started = [], 0, time.process_time()
        for rows, ends in objective.batches():
            done = max(epoch / config.epochs, (time.process_time() - begin) / budget)
            optimizer.param_groups[0]["lr"] = config.learning_rate * max(0.05, 0.5 + 0.5 * math.cos(math.pi * min(1, done)))
            loss, count = objective.loss(model, rows, ends)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            losses.append(loss.item())
            events += count
        took = time.process_time() - started
        now = objective.figures(model, "valid")
        since += 1
        if best_weights is None or now["ndcg@10"] > best["ndcg@10"]:
            best, since = now, 0
            best_weights = {name: cells.clone() for name, cells in model.state_dict().items()}
        spent = time.process_time() - begin
        left = max(0.0, min(budget - spent, spent / epoch * (config.epochs - epoch)))
        print(f"epoch {epoch}: loss {np.mean(losses):.4f}, valid hr@10 {now['hr@10']:.4f} ndcg@10 {now['ndcg@10']:.4f}, "
              f"{events / took:,.0f} events/s, at most {left / 60:.1f} min left", flush=True)
        if since >= config.patience or spent >= budget:
            break

    model.load_state_dict(best_weights)
    model.eval()
    test = objective.figures(model, "test")
    metrics = {"test": test, "valid": best, "popularity": objective.popularity()}
    return model, {**metrics, "cpuSeconds": round(time.process_time() - begin)}
