"""Logistic regression on the bag of a text's hashed n-grams, tuned on validation: the baseline, and the linear part of the model.

First the way to weigh a gram is chosen (its count or whether it occurs; as it is, of length 1, or by the root of the number of
grams), then the strength of regularisation; of each fit the best epoch.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from labelled_texts import Texts

ROOT = "counts, by root"  # the one that a network computes from the tokens alone
WEIGHINGS = ("occurs", "occurs, length 1", "counts, length 1", ROOT)
FIRST_DECAY, OTHER_DECAYS = 0.0, (3e-7, 1e-6)
EPOCHS, PATIENCE, BATCH, RATE = 12, 2, 512, 0.02


class Bags:
    """Distinct tokens of the texts of one part, with their counts, one text after another."""

    def __init__(self, texts: Texts, part: str):
        rows = texts.of(part)
        self.labels, self.sets = texts.labels[rows], texts.sets[rows]
        tokens, _ = ranges(texts.starts, rows, texts.tokens)
        of_row = np.repeat(np.arange(len(rows)), np.diff(texts.starts)[rows])
        keys, counts = np.unique((of_row[tokens > 0] << 32) + tokens[tokens > 0], return_counts=True)
        self.tokens, self.counts = (keys & 0xFFFFFFFF).astype(np.int64), counts.astype(np.float32)
        self.starts = np.searchsorted(keys >> 32, np.arange(len(rows) + 1))

    def weights(self, weighing: str) -> np.ndarray:
        cells = self.counts if weighing.startswith("counts") else np.ones_like(self.counts)
        squares = cells * cells if weighing.endswith("length 1") else cells if weighing == ROOT else None
        if squares is None:
            return cells
        return (cells / np.repeat(np.sqrt(np.add.reduceat(squares, self.starts[:-1])), np.diff(self.starts))).astype(np.float32)


def ranges(starts, rows, *columns):
    """The cells of several rows one after another, for each column, and where each row begins."""
    lengths = np.diff(starts)[rows]
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    places = np.repeat(starts[rows] - begins, lengths) + np.arange(lengths.sum())
    return *(column[places] for column in columns), begins


@dataclass
class Fit:
    weighing: str
    decay: float
    epoch: int
    accuracy: float     # on validation
    weight: torch.Tensor
    bias: torch.Tensor

    def logits(self, bags: Bags) -> np.ndarray:
        cells = torch.from_numpy(bags.weights(self.weighing))
        return (weigh(self.weight, torch.from_numpy(bags.tokens), torch.from_numpy(bags.starts[:-1]), cells) + self.bias).detach().numpy()


def best_fits(texts: Texts, buckets: int, seed: int) -> tuple:
    """The best fit of all, and the best one of the weighing ROOT."""
    train, valid = Bags(texts, "train"), Bags(texts, "valid")
    fits = [fit(train, valid, buckets, weighing, FIRST_DECAY, seed) for weighing in WEIGHINGS]
    best = max(fits, key=lambda f: f.accuracy)
    fits += [fit(train, valid, buckets, best.weighing, decay, seed) for decay in OTHER_DECAYS]
    for f in fits:
        print(f"bag of n-grams ({f.weighing}, L2 {f.decay:g}, epoch {f.epoch}): valid {f.accuracy:.4f}", flush=True)
    return max(fits, key=lambda f: f.accuracy), max((f for f in fits if f.weighing == ROOT), key=lambda f: f.accuracy)


def fit(train: Bags, valid: Bags, buckets: int, weighing: str, decay: float, seed: int) -> Fit:
    rng = np.random.default_rng(seed)
    weight, bias = torch.zeros(1 + buckets, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([weight, bias], lr=RATE, weight_decay=decay)
    cells, labels, best = train.weights(weighing), torch.from_numpy(train.labels).float(), None
    for epoch in range(1, EPOCHS + 1):
        optimizer.param_groups[0]["lr"] = RATE * (1 - (epoch - 1) / EPOCHS)
        order = rng.permutation(len(train.labels))
        for rows in (order[n:n + BATCH] for n in range(0, len(order), BATCH)):
            tokens, some, begins = ranges(train.starts, rows, train.tokens, cells)
            logits = weigh(weight, *map(torch.from_numpy, (tokens, begins, some))) + bias
            optimizer.zero_grad()
            F.binary_cross_entropy_with_logits(logits, labels[rows]).backward()
            optimizer.step()
        now = Fit(weighing, decay, epoch, 0.0, weight.detach().clone(), bias.detach().clone())
        now.accuracy = float(((now.logits(valid) > 0) == valid.labels).mean())
        if best is None or now.accuracy > best.accuracy:
            best = now
        elif epoch >= best.epoch + PATIENCE:
            break
    return best


def weigh(weight, tokens, starts, cells):
    return F.embedding_bag(tokens, weight, starts, mode="sum", per_sample_weights=cells).squeeze(1)
