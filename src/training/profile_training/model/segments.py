"""The segments of a profile besides what attention says of now: what lasts, categories, facts. None is trained; counting/fit.py fits those
of a catalogue's model, and a starter's (starter_model.py) are not fitted.

A profile is [now, lasting, categories, facts], each segment of a fixed weight, and the whole of unit length. A segment may be used alone:
the manifest's `segments` says where it lies.
"""

import itertools
import math

import torch
from torch import nn
from torch.nn import functional as F

from profile_training.data.event import KINDS
from profile_training.encoding.encoder import FIRST, UNKNOWN
from profile_training.model.layers import unit

LASTING_WEIGHT, CATEGORIES_WEIGHT, FACTS_WEIGHT = 1.2, 1.0, 0.9  # beside 1 for now
LASTING_SCORE_WEIGHT = 0.2                # of `lasting` in an item's score, beside 1 for now; chosen after training
PAUSE = 1800.0                            # seconds without an event that end a session
FARTHEST = 3.0                            # deviations at which a fact is clipped
RECENT = 56 * 86_400.0 + PAUSE / 2        # seconds before the newest event; no whole days, which the longest gap stands for
OF_EVERY_KIND = ("span", "sessions", "at once", "pause", "recent sessions", "value", "spread of values", "with a value", "popularity",
                 "spread of popularity", "events")
OF_TIME = ("day", "sine of the hour", "cosine of the hour")
TURN = 2 * math.pi


class Lasting(nn.Module):
    """The mean of the factors of a window's items, of unit length: all events count alike, whenever they happened."""

    def __init__(self, items: int, dimension: int):
        super().__init__()
        self.factors = nn.Parameter(torch.zeros(items, dimension), requires_grad=False)
        self.share = nn.Parameter(torch.full((1,), LASTING_SCORE_WEIGHT), requires_grad=False)  # the name that packages have

    @property
    def score_weight(self) -> nn.Parameter:
        """(1) of this segment in an item's score, beside 1 for now."""
        return self.share

    def forward(self, items):  # (B, L) -> (B, K)
        return unit((F.embedding(items, self.factors) * (items > UNKNOWN).unsqueeze(2).to(self.factors.dtype)).sum(1))

    def item_directions(self):  # (N, K) of unit length
        return unit(self.factors[FIRST:])


class Shares(nn.Module):
    """Square roots of the shares of the categories in a window, of unit length: the product of two is Bhattacharyya's coefficient.

    A known item counts for all the categories that it had in training, an unknown one for the category of its event.
    """

    def __init__(self, items: int, categories: int, count: int):
        super().__init__()
        self.of_item = nn.Parameter(torch.zeros(items, count), requires_grad=False)
        self.of_category = nn.Parameter(torch.zeros(max(categories, FIRST), count), requires_grad=False)
        self.names = []  # of the categories, in the order of the columns; once they are fitted

    def forward(self, items, categories):  # (B, L) each -> (B, C)
        of_item = F.embedding(items, self.of_item)                                        # (B, L, C)
        unknown = (of_item.sum(2, keepdim=True) == 0).to(of_item.dtype)
        counts = (of_item + unknown * F.embedding(categories, self.of_category)).sum(1)
        return unit(counts.sqrt())


class CategoryFactors(Shares):
    """Factors of many categories, of unit length: the sum of the rows of a window's events.

    A row is centred and weighted (counting/categories.py), so that the sum is that of the window's shares, times a number of events.
    """

    def forward(self, items, categories):  # (B, L) each -> (B, C)
        of_item = F.embedding(items, self.of_item)                                        # (B, L, C)
        unknown = (of_item.abs().sum(2, keepdim=True) == 0).to(of_item.dtype)
        return unit((of_item + unknown * F.embedding(categories, self.of_category)).sum(1))


class Facts(nn.Module):
    """How a user goes about: span, sessions, pauses, values, popularity and number of a window's events, and shares of the kinds."""

    def __init__(self, items: int, gaps: int, kinds: int, time: bool):
        super().__init__()
        self.kinds, count = kinds, fact_count(kinds, time)
        self.day = count - len(OF_TIME) if time else None  # the fact that is the day
        self.popularity = nn.Parameter(torch.zeros(items, 1), requires_grad=False)       # log(1 + users who met the item)
        self.seconds = nn.Parameter(torch.zeros(max(gaps, FIRST), 1), requires_grad=False)  # what a bucket of gaps stands for
        self.mean = nn.Parameter(torch.zeros(count), requires_grad=False)
        self.scale = nn.Parameter(torch.zeros(count), requires_grad=False)               # 1 / deviation
        self.weight = nn.Parameter(torch.zeros(count), requires_grad=False)

    def names(self) -> list:
        kinds = [f"share of {kind}" for kind in KINDS[:max(0, self.kinds - FIRST)]]
        return [*OF_EVERY_KIND, *kinds, *(OF_TIME if self.day is not None else ())]

    @staticmethod
    def inputs(batch: dict) -> dict:
        return {name: batch.get(name) for name in ("items", "kinds", "gaps", "values", "time")}

    def forward(self, items, kinds, gaps, values, time=None):  # (B, L) each, time (B, 2) -> (B, F), about of length 1
        scaled = ((self.raw(items, kinds, gaps, values, time) - self.mean) * self.scale).clamp(-FARTHEST, FARTHEST)
        return scaled * (items > 0).any(dim=1, keepdim=True).to(scaled.dtype) * self.weight

    def raw(self, items, kinds, gaps, values, time=None):
        """(B, F) the facts in their own units: logarithms of 1 + seconds, shares, scaled values."""
        real, given = (items > 0).to(values.dtype), (values != 0).to(values.dtype)        # (B, L)
        popularity, events = F.embedding(items, self.popularity)[:, :, 0], real.sum(1).clamp(min=1)
        seconds = F.embedding(gaps, self.seconds)[:, :, 0]
        columns = [*rhythm_of(gaps, seconds), recent_sessions(gaps, seconds),
                   mean(values, given), spread(values, given), given.sum(1) / events,
                   mean(popularity, real), spread(popularity, real), torch.log1p(real.sum(1))]
        of_kinds = [(kinds == kind).to(values.dtype).sum(1) / events for kind in range(FIRST, self.kinds)]
        of_time = [] if time is None else [time[:, 0], *hour_of(time)]
        return torch.stack(columns + of_kinds + of_time, dim=1)


def placed(segments: list) -> list:
    """`segments` of the manifest, of (name, length, weight, names or None) of each segment."""
    begins = itertools.accumulate((length for _, length, _, _ in segments), initial=0)
    return [{"name": name, "from": begin, "length": length, "weight": weight, **({"names": names} if names else {})}
            for begin, (name, length, weight, names) in zip(begins, segments)]


def fact_count(kinds: int, time: bool) -> int:
    """F, how many facts there are; `kinds` is the number of rows of the table of kinds, `time` whether day and hour are facts."""
    return len(OF_EVERY_KIND) + max(0, kinds - FIRST) + (len(OF_TIME) if time else 0)


def rhythm_of(gaps, seconds) -> list:
    """Span, sessions, share of events at once, mean pause, (B) each; `seconds` (B, L) are what the gaps stand for."""
    step = (gaps > UNKNOWN).to(seconds.dtype)
    return [torch.log1p(seconds.sum(1)), torch.log1p(((seconds >= PAUSE).to(seconds.dtype) * step).sum(1)),
            mean((seconds < 1).to(seconds.dtype), step), mean(torch.log1p(seconds), step)]


def recent_sessions(gaps, seconds):
    """(B) log(1 + sessions that began in the last 56 days before the newest event); `seconds` (B, L) are what the gaps stand for."""
    began = (gaps == UNKNOWN).to(seconds.dtype) + (seconds >= PAUSE).to(seconds.dtype)     # the first event has an unknown gap
    ago = seconds.sum(1, keepdim=True) - seconds.cumsum(1)
    return torch.log1p((began * (ago <= RECENT).to(seconds.dtype)).sum(1))


def hour_of(time) -> list:
    """Sine and cosine of the hour, (B) each, of `time` (B, 2)."""
    return [torch.sin(TURN * time[:, 1]), torch.cos(TURN * time[:, 1])]


def mean(cells, weights):  # (B, L) -> (B)
    return (cells * weights).sum(1) / weights.sum(1).clamp(min=1)


def spread(cells, weights):  # (B, L) -> (B) standard deviation
    apart = cells - mean(cells, weights).unsqueeze(1)
    return (mean(apart * apart, weights) + 1e-12).sqrt()
