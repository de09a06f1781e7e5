"""The starter model: a profile for any catalogue, in the same segments as one catalogue's, made of the events' own random codes.

An event's token is the sum of vectors for its item, kind, category, gap and value; attributes are keys before the events that
every event sees. Distance is counted backwards from the event that asks, so that padding on the left and any window length are
exact. The last layer's attention of the newest event gives each event's weight in what the profile says of now, which is a mixture of
the events' own item and category codes: other directions in the space of random codes mean nothing, so only mixtures of codes leave the
graph. What lasts and the categories are mixtures in which all events weigh alike, of other random codes.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from profile_training.model.layers import Linear, Table, unit
from profile_training.model.segments import placed
from profile_training.model.starter_facts import SCALES, StarterFacts

BASE = 4096  # a hashed index is split into two digits of this base
WEIGHTS = {"lasting": 0.6, "categories": 0.5, "facts": 0.8}  # beside 1 for now
NEAR = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96]  # the least distance of each bucket of the position bias


@dataclass(frozen=True)
class StarterShape:
    """All that is needed to build the graph; it is written into the metadata of model.onnx."""
    dimension: int     # D of the profile, all segments
    lasting: int       # length of the segment `lasting`
    categories: int    # length of the segment `categories`
    width: int         # W inside the layers
    heads: int
    layers: int
    max_events: int
    kinds: int         # rows of each table, padding and unknown included
    gaps: int
    attributes: tuple  # rows of each attribute's table

    @property
    def time(self) -> bool:
        """Whether day and hour of the newest event are an input."""
        return True

    @property
    def now(self) -> int:
        """Numbers of what attention says of now."""
        return self.dimension - self.lasting - self.categories - len(SCALES)


class HashedTable(nn.Module):
    """Frozen random codes for up to BASE * BASE buckets from two small tables of signs.

    The code of a bucket is the product of the signs of its two digits (Shi et al. 2020, quotient-remainder trick), so that
    any two buckets have independent codes and all codes have length 1. Padding and unknown are zero.
    """

    def __init__(self, dimension: int):
        super().__init__()
        signs = torch.randint(0, 2, (2, BASE, dimension)).to(torch.int8) * 2 - 1
        self.high = nn.Parameter(signs[0], requires_grad=False)
        self.low = nn.Parameter(signs[1], requires_grad=False)
        self.scale = 1 / math.sqrt(dimension)

    def forward(self, index):  # (...) -> (..., D)
        bucket = (index - 2).clamp(min=0)
        high, low = torch.div(bucket, BASE, rounding_mode="trunc"), torch.remainder(bucket, BASE)
        known = (index > 1).unsqueeze(-1).to(torch.float32) * self.scale
        return F.embedding(high, self.high).to(torch.float32) * F.embedding(low, self.low).to(torch.float32) * known


class HashedMean(HashedTable):
    """The mean of a window's random codes, of unit length: all events count alike, whenever they happened."""

    def forward(self, index):  # (B, L) -> (B, D)
        return unit(super().forward(index).sum(1))


class Attention(nn.Module):
    """Weights of scaled dot-product attention, with a learned bias for the distance between two events."""

    def __init__(self, shape: StarterShape):
        super().__init__()
        self.heads, self.head = shape.heads, shape.width // shape.heads
        self.norm = nn.LayerNorm(shape.width)
        self.query = Linear(shape.width, shape.width, bias=False)
        self.key = Linear(shape.width, shape.width, bias=False)
        self.near = nn.Parameter(torch.zeros(len(NEAR), shape.heads))  # bias by distance
        nn.init.zeros_(self.query.weight)  # training starts at the plain mean

    def split(self, x):  # (B, N, W) -> (B, H, N, W/H)
        return x.reshape(x.shape[0], -1, self.heads, self.head).transpose(1, 2)

    def forward(self, x, given, distance, allowed, first: int):
        """The queries are the events from position `first` on, the keys all events and attributes.

        x (B, L, W), attributes `given` (B, A, W), distance (Q, L), allowed (B, Q, A+L) -> tokens (B, A+L, W), weights (B, H, Q, A+L)
        """
        tokens = torch.cat([given, self.norm(x)], dim=1)
        asking = tokens[:, given.shape[1]:][:, first:]                            # (B, Q, W)
        scores = self.split(self.query(asking)) @ self.split(self.key(tokens)).transpose(2, 3) / math.sqrt(self.head)
        bias = F.embedding(distance, self.near).permute(2, 0, 1)                  # (H, Q, L)
        scores = scores + F.pad(bias, (allowed.shape[2] - distance.shape[1], 0))  # attributes have no distance
        return tokens, torch.softmax(scores.masked_fill(~allowed.unsqueeze(1), -1e9), dim=3)


class StarterLayer(nn.Module):
    """A pre-norm transformer layer: attention, then a feed-forward network on each event."""

    def __init__(self, shape: StarterShape, dropout: float):
        super().__init__()
        w = shape.width
        self.attention, self.value, self.out = Attention(shape), Linear(w, w, bias=False), Linear(w, w)
        self.norm, self.up, self.down = nn.LayerNorm(w), Linear(w, 2 * w), Linear(2 * w, w)
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.out.weight)  # every layer starts as the identity
        nn.init.zeros_(self.down.weight)

    def forward(self, x, given, distance, allowed, first: int):
        """As Attention, but -> the changed events (B, Q, W), and the weights averaged over the heads (B, Q, A+L)."""
        tokens, weights = self.attention(x, given, distance, allowed, first)
        mixed = self.dropout(weights) @ self.attention.split(self.value(tokens))  # (B, H, Q, W/H)
        mixed = self.out(mixed.transpose(1, 2).reshape(x.shape[0], -1, x.shape[2]))
        h = x[:, first:] + self.dropout(mixed)
        return h + self.dropout(self.down(F.gelu(self.up(self.norm(h))))), weights.mean(dim=1)


class StarterModel(nn.Module):
    def __init__(self, shape: StarterShape, dropout: float = 0.0):
        super().__init__()
        self.shape, self.dropout, (d, w) = shape, nn.Dropout(dropout), (shape.now, shape.width)
        self.item, self.category = HashedTable(d), HashedTable(d)
        self.lasting, self.categories = HashedMean(shape.lasting), HashedMean(shape.categories)
        self.facts = StarterFacts(shape.gaps)
        self.attribute = Table(1 + sum(shape.attributes), d, scale=1 / math.sqrt(d))
        self.from_item, self.from_category, self.from_attribute = (Linear(d, w, bias=False) for _ in range(3))
        self.kind, self.gap, self.from_value = Table(shape.kinds, w), Table(shape.gaps, w), Linear(1, w)
        self.blocks = nn.ModuleList(StarterLayer(shape, dropout) for _ in range(shape.layers - 1))
        self.last = Attention(shape)
        self.category_share = Linear(w, 1)  # weight of an event's category beside its item
        self.attribute_share = nn.Parameter(torch.full((1, len(shape.attributes), 1), 0.1))
        nn.init.zeros_(self.category_share.weight)
        near = torch.bucketize(torch.arange(shape.max_events), torch.tensor(NEAR), right=True) - 1
        self.register_buffer("near_of", near, persistent=False)
        offsets = torch.tensor([1 + sum(shape.attributes[:i]) for i in range(len(shape.attributes))], dtype=torch.int64)
        self.register_buffer("offsets", offsets, persistent=False)

    def profile(self, items, kinds, categories, gaps, values, attributes, first: int = -1):
        """What is said of now (B, Q, N), not of unit length, as of each event from position `first` on, and weights (B, Q, A+L)."""
        item, category = self.item(items), self.category(categories)                         # (B, L, D)
        known = attributes > 0                                                               # (B, A)
        codes = self.attribute((attributes + self.offsets) * known)                          # (B, A, D)
        x = self.from_item(item) + self.from_category(category) + self.kind(kinds) + self.gap(gaps)
        x = self.dropout(x + self.from_value(values.unsqueeze(-1)))                          # (B, L, W)

        here = torch.arange(items.shape[1], device=items.device)
        back = here.unsqueeze(1) - here.unsqueeze(0)                                         # (L, L) distance in events
        distance = self.near_of[back.clamp(0, self.shape.max_events - 1)]                    # (L, L)
        seen = (items > 0).unsqueeze(1) & (back >= 0).unsqueeze(0)                           # (B, L, L)
        known = known.unsqueeze(1).expand(-1, items.shape[1], -1)                            # (B, L, A)
        allowed = torch.cat([known, seen], dim=2)                                            # (B, L, A+L)

        given = self.from_attribute(codes)                                                   # (B, A, W)
        for layer in self.blocks:
            x, _ = layer(x, given, distance, allowed, 0)
        share = F.softplus(self.category_share(x))                                           # (B, L, 1)
        _, weights = self.last(x, given, distance[first:], allowed[:, first:], first)
        content = torch.cat([codes * self.attribute_share, item + share * category], dim=1)  # (B, A+L, D)
        weights = weights.mean(dim=1)
        return weights @ content, weights

    def forward(self, items, kinds, categories, gaps, values, attributes, time):
        """The package's graph: vector (B, D) of unit length, attention (B, L)."""
        now, weights = self.profile(items, kinds, categories, gaps, values, attributes)
        beside = {"lasting": self.lasting(items), "categories": self.categories(categories),
                  "facts": self.facts(items, kinds, gaps, values, time)}
        vector = unit(torch.cat([unit(now[:, -1]), *(WEIGHTS[name] * cells for name, cells in beside.items())], dim=1))
        real = weights[:, -1, attributes.shape[1]:] * (items > 0).to(weights.dtype)
        return vector, real / real.sum(dim=1, keepdim=True).clamp(min=1e-12)

    def segments(self) -> list:
        """For the manifest: where each segment of a profile lies and what it says."""
        return placed([("now", self.shape.now, 1.0, None), ("lasting", self.shape.lasting, WEIGHTS["lasting"], None),
                       ("categories", self.shape.categories, WEIGHTS["categories"], None),
                       ("facts", len(SCALES), WEIGHTS["facts"], self.facts.names())])
