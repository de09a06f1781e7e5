"""The part `facts` of the starter model: how a user goes about, on scales that are the same in every catalogue.

Nothing is known of the catalogue that a starter will meet, so that no log gives the scales: they are chosen such that what shops and
people usually do lies within two deviations.
"""

import torch
from torch import nn
from torch.nn import functional as F

from profile_training.data.event import KINDS
from profile_training.encoding.encoder import FIRST
from profile_training.model.segments import FARTHEST, hour_of, mean, rhythm_of, spread

RHYTHM = {"span": (10.0, 5.0), "sessions": (1.0, 1.0), "at once": (0.1, 0.3), "pause": (4.5, 2.0)}  # name: (mean, deviation)
VALUES = {"price": (1.0, 0.7), "spread of prices": (0.2, 0.2), "rating": (0.5, 0.1), "spread of ratings": (0.07, 0.05)}
AMOUNT = {"with a value": (0.5, 0.4), "events": (3.0, 1.2)}
SHARES = {f"share of {kind}": (0.5, 0.35) if kind == "view" else (0.2, 0.25) for kind in KINDS}  # of their square roots
HOUR = {"sine of the hour": (0.0, 0.7), "cosine of the hour": (0.0, 0.7)}
SCALES = {**RHYTHM, **VALUES, **AMOUNT, **SHARES, **HOUR}
RATED = [FIRST + KINDS.index(kind) for kind in ("rating", "review")]


class StarterFacts(nn.Module):
    """A fact of which a window says nothing, such as the price where no event has one, is 0, as the mean is."""

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
        scaled = ((raw - self.mean) / self.deviation).clamp(-FARTHEST, FARTHEST) * known
        return scaled / len(SCALES) ** 0.5

    def raw(self, items, kinds, gaps, values, time):
        """(B, F) the facts in their own units, and (B, F) 1 where the window says something of them."""
        real = (items > 0).to(values.dtype)                                               # (B, L)
        given, events = (values != 0).to(values.dtype), real.sum(1).clamp(min=1)
        rated = given * ((kinds == RATED[0]) | (kinds == RATED[1])).to(values.dtype)
        priced = given - rated
        some, a_price, a_rating = ((weights.sum(1) > 0).to(values.dtype) for weights in (real, priced, rated))
        of_values = [(mean(values, priced), a_price), (spread(values, priced), a_price),
                     (mean(values, rated), a_rating), (spread(values, rated), a_rating)]
        of_all = [given.sum(1) / events, torch.log1p(real.sum(1)),
                  *(((kinds == FIRST + kind).to(values.dtype).sum(1) / events).sqrt() for kind in range(len(KINDS))), *hour_of(time)]
        rhythm = rhythm_of(gaps, F.embedding(gaps, self.seconds)[:, :, 0])
        columns = [*((cells, some) for cells in rhythm), *of_values, *((cells, some) for cells in of_all)]
        raw, known = zip(*columns)
        return torch.stack(raw, dim=1), torch.stack(known, dim=1)
