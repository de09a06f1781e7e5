"""Fits the segments of a profile that are not trained, by counting a log."""

import numpy as np
import torch

from profile_training.counting.categories import Categories, item_incidence
from profile_training.counting.factors import factors, incidence, with_new_items
from profile_training.encoding.encoder import FIRST
from profile_training.encoding.histories import EncodedHistories
from profile_training.model.segments import FARTHEST

DAY_WEIGHT = 2.0  # of the newest event's day, one number, beside each of the other facts
SAMPLED = 20_000  # windows that the scales of the facts are taken from
CHUNK = 256       # windows a step
LEAST = 1e-4      # deviation from which on a fact varies
MOST = 1 / FARTHEST ** 2  # share of windows that lie so many deviations or more from the mean, at most, however spread (Chebyshev)


def fit(model, data: EncodedHistories, lengths: np.ndarray) -> None:
    """`lengths` (U): how many of each user's events, the oldest first, are counted. What was fitted before keeps its meaning."""
    if not model.shape.lasting:
        return
    users = np.repeat(np.arange(len(lengths)), lengths)
    cells = np.concatenate([np.arange(start, start + length) for start, length in zip(data.starts, lengths)])
    items = data.item_ids[cells]
    users, items = torch.from_numpy(users[items >= 0]), torch.from_numpy(items[items >= 0])
    matrix = incidence(users, items, (len(lengths), data.item_count))
    known = model.lasting.factors.data[FIRST:].cpu()
    model.lasting.factors.data[FIRST:] = with_new_items(known, matrix) if known.any() else factors(matrix, model.shape.lasting)
    met = torch.bincount(torch.unique(torch.stack([users, items]), dim=1)[1], minlength=data.item_count)
    model.facts.popularity.data[FIRST:, 0] = torch.log1p(met.float())
    if not model.facts.scale.any():
        fit_scales(model.facts, data, lengths)


def fit_shares(shares, categories: Categories, histories: dict, vocabulary: dict) -> None:
    """An item's row is the sum of the rows of all the categories that its events name."""
    shares.names = [] if categories.factors else categories.names
    found = torch.sparse.mm(item_incidence(histories, vocabulary["items"], categories.names), categories.rows)
    shares.of_item.data[:len(found)] = found.to(shares.of_item.device)
    row_of = dict(zip(categories.names, categories.rows))
    for category, row in vocabulary["categories"].items():
        if category in row_of:
            shares.of_category.data[row] = row_of[category].to(shares.of_category.device)


def fit_seconds(model, bounds: tuple) -> None:
    """`bounds` of the gaps' buckets, in seconds."""
    if model.shape.lasting:
        model.facts.seconds.data[:, 0] = seconds_of(bounds, len(model.facts.seconds))


def seconds_of(bounds: tuple, rows: int) -> torch.Tensor:
    """(rows) what a bucket of gaps stands for: the geometric mean of its bounds, and twice the last bound; 0 for no gap."""
    inner = [((low + 1) * (high + 1)) ** 0.5 - 1 for low, high in zip(bounds, bounds[1:])]
    seconds = [0.0, 0.0, 0.0, *inner, 2.0 * bounds[-1]] if bounds else [0.0, 0.0]
    return torch.tensor((seconds + [0.0] * rows)[:rows])


@torch.no_grad()
def fit_scales(facts, data: EncodedHistories, lengths: np.ndarray) -> None:
    """Mean and deviation of each fact over windows that end anywhere; what never varies says nothing and is scaled to 0."""
    raw = sampled(facts, data, lengths)
    spread = raw.std(0, unbiased=False)
    facts.mean.data = raw.mean(0)
    varies = (spread > LEAST).float()
    facts.scale.data = varies / spread.clamp(min=LEAST)
    facts.weight.data = varies / varies.sum().clamp(min=1).sqrt()
    if facts.day is not None:
        facts.weight.data[facts.day] *= DAY_WEIGHT


@torch.no_grad()
def ill_scaled(facts, data: EncodedHistories, lengths: np.ndarray) -> list:
    """A text for each fact of which scales that were fitted to another log say little in this one."""
    raw = sampled(facts, data, lengths)
    clipped = (((raw - facts.mean) * facts.scale).abs() >= FARTHEST).double().mean(0).tolist()
    unscaled = ((raw.std(0, unbiased=False) > LEAST) & (facts.scale == 0)).tolist()
    return [f"{name} is clipped in {share:.0%} of the windows" for name, share in zip(facts.names(), clipped) if share > MOST] \
        + [f"{name} varies and counts for nothing" for name, is_unscaled in zip(facts.names(), unscaled) if is_unscaled]


def sampled(facts, data: EncodedHistories, lengths: np.ndarray) -> torch.Tensor:
    """(W, F) the facts in their own units, of windows that end anywhere."""
    rng = np.random.default_rng(0)
    rows = np.flatnonzero(lengths > 0)
    rows = rng.permutation(rows)[:SAMPLED]
    ends = rng.integers(1, lengths[rows] + 1)
    return torch.cat([facts.raw(**facts.inputs(data.batch(rows[at:at + CHUNK], ends[at:at + CHUNK], facts.mean.device)))
                      for at in range(0, len(rows), CHUNK)])
