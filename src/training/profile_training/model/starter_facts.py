"""The segment `facts` of the starter model: how a user goes about, on scales that are the same in every catalogue.

No log of the catalogue that a starter will meet could give the scales. They are set by hand, (mean, deviation) in the units of the facts:
logarithms of 1 + seconds and of 1 + counts, encoded values, shares, and square roots of the shares of kinds.
"""

import torch
from torch import nn
from torch.nn import functional as F

from profile_training.data.event import KINDS, RATING_KINDS
from profile_training.encoding.encoder import FIRST, UNKNOWN
from profile_training.model.segments import FARTHEST, hour_of, mean, rhythm_of, spread

RHYTHM = {"span": (10.0, 5.0), "sessions": (1.0, 1.0), "at once": (0.1, 0.3), "pause": (4.5, 2.0)}
PRICES = {"price": (1.7, 1.2), "spread of prices": (0.2, 0.2)}        # 1.7 is a price of 163
RATINGS = {"rating": (0.5, 0.1), "spread of ratings": (0.07, 0.05)}  # 0.5 is a rating of 3.5
AMOUNT = {"with a value": (0.5, 0.4), "events": (3.0, 1.2)}
SHARES = {f"share of {kind}": (0.5, 0.35) if kind == "view" else (0.2, 0.3) for kind in KINDS}
HOUR = {"sine of the hour": (0.0, 1.4), "cosine of the hour": (0.0, 1.4)}  # of one event alone: half of what it varies by
SCALES = {**RHYTHM, **PRICES, **RATINGS, **AMOUNT, **SHARES, **HOUR}
RATED = [FIRST + KINDS.index(kind) for kind in RATING_KINDS]


class StarterFacts(nn.Module):
    """A fact of which a window says nothing is 0, as the mean is: a pause of one event, a spread of one value."""

    def __init__(self, gaps: int):
        super().__init__()
        self.seconds = nn.Parameter(torch.zeros(gaps, 1), requires_grad=False)  # what a bucket of gaps stands for
        mean_of, deviation = torch.tensor(list(SCALES.values())).T
        self.register_buffer("mean", mean_of, persistent=False)
        self.register_buffer("deviation", deviation, persistent=False)

    @staticmethod
    def names() -> list:
        return list(SCALES)

    def forward(self, items, kinds, gaps, values, time):  # (B, L) each, time (B, 2) -> (B, F), about of length 1
        raw, known = self.raw(items, kinds, gaps, values, time)
        scaled = ((raw - self.mean) / self.deviation).clamp(-FARTHEST, FARTHEST)
        return torch.where(known, scaled, torch.zeros_like(scaled)) / len(SCALES) ** 0.5

    def raw(self, items, kinds, gaps, values, time):
        """(B, F) the facts in their own units, and (B, F) whether the window says something of them."""
        real, step = (items > 0).to(values.dtype), (gaps > UNKNOWN).to(values.dtype)      # (B, L)
        given, events = (values != 0).to(values.dtype), real.sum(1).clamp(min=1)
        rated = given * ((kinds == RATED[0]) | (kinds == RATED[1])).to(values.dtype)
        priced = given - rated
        some, steps, prices, ratings = (weights.sum(1) for weights in (real, step, priced, rated))
        of_kinds = ((kinds == FIRST + kind).to(values.dtype).sum(1) / events for kind in range(len(KINDS)))
        columns = [*((cells, steps > 0) for cells in rhythm_of(gaps, F.embedding(gaps, self.seconds)[:, :, 0])),
                   (mean(values, priced), prices > 0), (spread(values, priced), prices > 1),
                   (mean(values, rated), ratings > 0), (spread(values, rated), ratings > 1),
                   (given.sum(1) / events, some > 0), (torch.log1p(real.sum(1)), some > 0),
                   *((share.sqrt(), some > 0) for share in of_kinds), *((cells, some > 0) for cells in hour_of(time))]
        raw, known = zip(*columns)
        return torch.stack(raw, dim=1), torch.stack(known, dim=1)
