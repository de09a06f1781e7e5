"""Logistic regression on the bag of a text's hashed n-grams, tuned on validation: the baseline, and the linear part of the model.

The weighing of the n-grams is chosen: their counts, of unit length or divided by the root of their number; each fit keeps its best epoch.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from profile_training.sentiment.network import LOGITS, SentimentShape
from profile_training.sentiment.rows import rows_of
from profile_training.sentiment.targets import fair_accuracy, loss_of
from profile_training.sentiment.texts import Texts
from profile_training.sentiment.tokenizer import SLOTS, WHOLE

ROOT = "counts, by root"  # the only one that a graph can compute from the tokens
WEIGHINGS = ("counts, length 1", ROOT)
DECAY = 1e-6              # of all weights; with less, words and emoji that are rare in training count too much elsewhere
EPOCHS, PATIENCE, BATCH, RATE = 12, 2, 512, 0.02


class Bags:
    """The distinct tokens of each text of one split, with their counts, one text after another. Where negation turns a unit, its token
    and that of its beginning count by its turn for praise."""

    def __init__(self, texts: Texts, split: str, shape: SentimentShape):
        rows = texts.of(split)
        self.targets, self.weights, self.sets = texts.targets()[rows], texts.weights[rows], texts.sets[rows]
        turned = np.ones((len(texts.turns), SLOTS), np.float32)
        turned[:, WHOLE] = texts.turns[:, None]
        tokens, turned, _ = ranges(texts.starts, rows, texts.tokens, turned.reshape(-1))
        of_row = np.repeat(np.arange(len(rows)), np.diff(texts.starts)[rows])
        keys, place, counts = np.unique((of_row[tokens > 0] << 32) + tokens[tokens > 0], return_inverse=True, return_counts=True)
        self.tokens = rows_of(torch.from_numpy(keys & 0xFFFFFFFF), shape.hashes, shape.wide).numpy()         # (K)
        self.counts = counts.astype(np.float32)                                                     # (K)
        self.turned = np.bincount(place, turned[tokens > 0]).astype(np.float32)                     # (K)
        self.starts = np.searchsorted(keys >> 32, np.arange(len(rows) + 1))

    def cells(self, weighing: str) -> np.ndarray:
        """(K, 2) what the tokens count for praise and for stating an opinion."""
        squares = self.counts if weighing == ROOT else self.counts * self.counts
        size = np.repeat(np.sqrt(np.add.reduceat(squares, self.starts[:-1])), np.diff(self.starts))
        praise = self.turned if weighing == ROOT else self.counts
        return (np.stack([praise, self.counts], axis=1) / size[:, None]).astype(np.float32)


def ranges(starts, rows, *columns):
    """The cells of several rows of a ragged array, for each column, one row after another; and where each row begins."""
    lengths = np.diff(starts)[rows]
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    places = np.repeat(starts[rows] - begins, lengths) + np.arange(lengths.sum())
    return *(column[places] for column in columns), begins


@dataclass
class Fit:
    weighing: str
    epoch: int
    accuracy: float       # on validation
    weight: torch.Tensor  # (2 + buckets, 2)
    bias: torch.Tensor    # (2)

    def logits(self, bags: Bags) -> np.ndarray:  # (N, 2)
        arrays = bags.tokens, bags.starts[:-1], bags.cells(self.weighing)
        return (weigh(self.weight, *map(torch.from_numpy, arrays)) + self.bias).detach().numpy()


def best_fits(texts: Texts, shape: SentimentShape, seed: int) -> tuple:
    """(the best fit, the best fit with the weighing ROOT)."""
    train, valid = (Bags(texts, split, shape) for split in ("train", "valid"))
    fits = [fit(train, valid, shape.wide, weighing, seed) for weighing in WEIGHINGS]
    for f in fits:
        print(f"bag of n-grams ({f.weighing}, epoch {f.epoch}): valid {f.accuracy:.4f}", flush=True)
    return max(fits, key=lambda f: f.accuracy), max((f for f in fits if f.weighing == ROOT), key=lambda f: f.accuracy)


def fit(train: Bags, valid: Bags, buckets: int, weighing: str, seed: int) -> Fit:
    rng = np.random.default_rng(seed)
    weight, bias = torch.zeros(2 + buckets, LOGITS, requires_grad=True), torch.zeros(LOGITS, requires_grad=True)
    optimizer = torch.optim.Adam([weight, bias], lr=RATE, weight_decay=DECAY)
    cells, best, targets, weights = train.cells(weighing), None, torch.from_numpy(train.targets), torch.from_numpy(train.weights)
    for epoch in range(1, EPOCHS + 1):
        optimizer.param_groups[0]["lr"] = RATE * (1 - (epoch - 1) / EPOCHS)
        order = rng.permutation(len(train.targets))
        for rows in (order[n:n + BATCH] for n in range(0, len(order), BATCH)):
            tokens, some, begins = ranges(train.starts, rows, train.tokens, cells)
            logits = weigh(weight, *map(torch.from_numpy, (tokens, begins, some))) + bias
            optimizer.zero_grad()
            loss_of(logits, targets[rows], weights[rows]).backward()
            optimizer.step()
        latest = Fit(weighing, epoch, 0.0, weight.detach().clone(), bias.detach().clone())
        latest.accuracy = fair_accuracy(latest.logits(valid), valid.targets, valid.sets)
        if best is None or latest.accuracy > best.accuracy:
            best = latest
        elif epoch >= best.epoch + PATIENCE:
            break
    return best


def weigh(weight, tokens, starts, cells):  # (2 + buckets, 2), (K), (N), (K, 2) -> (N, 2) sums of the weights of each text
    return torch.cat([F.embedding_bag(tokens, weight[:, n:n + 1], starts, mode="sum", per_sample_weights=cells[:, n].contiguous())
                      for n in range(LOGITS)], dim=1)
