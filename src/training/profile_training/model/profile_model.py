"""The profile model of one catalogue: multi-head self-attention over a user's newest events and attributes.

An event's token is the normalized sum of vectors for its item, kind, category, time gap and value, and of a projection of the
item's content vector, if there is one; attributes are tokens before the events. In the layers of post-norm self-attention that
follow, an event sees the attributes and the events up to itself. Position is the distance in events to the event that asks, so
that a window gives the same vector alone and in a padded batch, and every event of a history is trained as if it were the newest.
The profile is the newest token after the last layer plus a weighted mean of the items themselves (as in CORE, Hou et al. 2022),
of unit length; an item's score is its cosine with the profile.

Several such towers, each with its own weights, work side by side: the profile is their vectors joined, so that a cosine is the
mean of the towers' cosines. On sparse data they learn different things, and their mean is better than one wide tower.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from profile_training.encoding.encoder import FIRST, UNKNOWN
from profile_training.model.inference import UNLIKELY, profile_of_newest
from profile_training.model.layers import DistinctRows, Dropout, Linear, Table, unit
from profile_training.model.segments import (CATEGORIES_WEIGHT, FACTS_WEIGHT, LASTING_WEIGHT, CategoryFactors, Facts, Lasting, Shares,
                                             fact_count, placed)
from profile_training.model.transformer import MASKED, TransformerLayer


@dataclass(frozen=True)
class Shape:
    """All that is needed to build the graph; it is written into the metadata of model.onnx."""
    dimension: int     # D of the profile: all towers together, and the other segments
    towers: int
    heads: int
    layers: int
    max_events: int
    attention: str     # how a token scores another: "dot" or "additive"
    local: int         # newest events that LocalMix averages; 0 for none
    items: int         # rows of each table, padding and unknown included; 0 if the input is not used
    categories: int
    kinds: int
    gaps: int
    values: bool
    attributes: tuple  # rows of each attribute's table
    content: int = 0   # C of the items' content vectors; 0 if they are not used
    time: bool = False  # whether the facts have the day and the hour of the newest event
    lasting: int = 0   # K of the segment `lasting`; with 0 the profile is what attention says of now alone
    shares: int = 0    # C of the segment `categories`; 0 if there is none
    category_factors: bool = False  # whether that segment has factors of many categories instead of shares

    @property
    def facts(self) -> int:
        return fact_count(self.kinds, self.time) if self.lasting else 0

    @property
    def now(self) -> int:
        """Length of what attention says of now: all towers together."""
        return self.dimension - self.lasting - self.shares - self.facts

    @property
    def width(self) -> int:
        """W of a tower's tokens."""
        return self.now // self.towers


class Tower(nn.Module):
    """One network: tables, layers, and the weights of the items."""

    def __init__(self, shape: Shape, dropout: float = 0.0):
        super().__init__()
        self.shape, self.dropout, d = shape, Dropout(dropout), shape.width
        self.item = Table(shape.items, d)
        self.kind, self.category, self.gap = (Table(rows, d) if rows else None
                                              for rows in (shape.kinds, shape.categories, shape.gaps))
        self.from_value = Linear(2, d, bias=False) if shape.values else None
        self.from_content = Linear(shape.content, d, bias=False) if shape.content else None
        self.attribute = Table(1 + sum(shape.attributes), d) if shape.attributes else None
        self.norm = nn.LayerNorm(d)
        self.blocks = nn.ModuleList(TransformerLayer(shape, dropout) for _ in range(shape.layers))
        self.weight = Linear(d, 1)  # of an event in the mean of the items
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, 0, 0.02)
        offsets = torch.tensor([1 + sum(shape.attributes[:i]) for i in range(len(shape.attributes))], dtype=torch.int64)
        self.register_buffer("offsets", offsets, persistent=False)

    def tokens(self, item, kinds, categories, gaps, values, attributes, content=None):
        """Tokens of the attributes and events: item (B, L, W), content (B, L, C) or None -> (B, A+L, W)."""
        x = item
        for table, index in ((self.kind, kinds), (self.category, categories), (self.gap, gaps)):
            x = x if table is None else x + table(index)
        if self.from_value is not None:  # one direction for having a value, one for its size
            x = x + self.from_value(torch.stack([(values != 0).to(values.dtype), values], dim=2))
        if content is not None:
            x = x + self.from_content(content)
        if self.attribute is not None:
            x = torch.cat([self.attribute((attributes + self.offsets) * (attributes > UNKNOWN)), x], dim=1)
        return self.dropout(self.norm(x))

    def profile(self, items, kinds, categories, gaps, values, attributes, content=None):
        """Profiles (B, L, W) of unit length as of each event, and each event's weight in them (B, L, L)."""
        known, given = items > UNKNOWN, attributes.shape[1] if self.shape.attributes else 0  # (B, L), A
        item = unit(self.item(items)) * known.unsqueeze(2)                                  # (B, L, W)
        x = self.tokens(item, kinds, categories, gaps, values, attributes, content)         # (B, N, W) with N = A + L
        real = torch.cat([attributes[:, :given] > UNKNOWN, items > 0], dim=1)               # (B, N)
        place = torch.arange(x.shape[1], device=items.device)
        back = place.unsqueeze(1) - place.unsqueeze(0)                                      # (N, N) distance in tokens
        event = (place >= given).unsqueeze(0)
        allowed = (((back >= 0) | ~event).unsqueeze(0) & real.unsqueeze(1)).unsqueeze(1)    # (B, 1, N, N), all see attributes
        far = self.shape.max_events - 1
        ago = torch.where(event, back.clamp(0, far), torch.full_like(back, far))            # attributes have no distance
        events = F.pad((items > 0).to(x.dtype), (given, 0)).unsqueeze(2)                    # (B, N, 1)
        for layer in self.blocks[:-1]:
            x = layer(x, events, ago, allowed)
        weight = self.weight(x[:, given:]).transpose(1, 2)                                  # (B, 1, L)
        x = self.blocks[-1](x, events, ago, allowed)[:, given:]                             # (B, L, W)
        weight = weight.masked_fill(~known.unsqueeze(1), UNLIKELY)                          # unknown items have no vector
        weights = weight.masked_fill(~allowed[:, 0, given:, given:], MASKED).softmax(dim=2)  # (B, L, L)
        return unit(x + weights @ item), weights

    def item_directions(self, index=None):
        """(N, W) of unit length, of all items or of the given ones: distinct numbers, counted from 0."""
        rows = self.item.weight[FIRST:] if index is None else DistinctRows.apply(self.item.weight, index + FIRST)
        return unit(rows)


class ProfileModel(nn.Module):
    def __init__(self, shape: Shape, dropout: float = 0.0):
        super().__init__()
        self.shape, self.tells_heads = shape, False
        self.towers = nn.ModuleList(Tower(shape, dropout) for _ in range(shape.towers))
        # aligns the space with that of an earlier version (package/alignment.py); not trained
        self.rotation = nn.Parameter(torch.eye(shape.now), requires_grad=False)
        self.lasting = Lasting(shape.items, shape.lasting) if shape.lasting else None
        shares = CategoryFactors if shape.category_factors else Shares
        self.shares = shares(shape.items, shape.categories, shape.shares) if shape.shares else None
        self.facts = Facts(shape.items, shape.gaps, shape.kinds, shape.time) if shape.lasting else None
        self.neighbours = self.likings = None  # of items: counted (counting/), and no part of the graph

    def forward(self, items, kinds, categories, gaps, values, attributes, content=None, time=None):
        """The package's graph: vector (B, D) of unit length and attention (B, L), each event's weight.

        With `tells_heads` also its weight in each head (B, H, L), tower by tower.
        """
        inputs = items, kinds, categories, gaps, values, attributes, content
        profiles, weights, heads = zip(*(profile_of_newest(tower, *inputs) for tower in self.towers))
        vector, attention = self.whole(self.joined(profiles), items, kinds, categories, gaps, values, time), sum(weights) / len(weights)
        return (vector, attention, torch.cat(heads, dim=1)) if self.tells_heads else (vector, attention)

    def whole(self, now, items, kinds, categories, gaps, values, time):
        """The profile (B, D): now, what lasts, categories, and facts."""
        if self.lasting is None:
            return now
        shares = [] if self.shares is None else [CATEGORIES_WEIGHT * self.shares(items, categories)]
        facts = FACTS_WEIGHT * self.facts(items, kinds, gaps, values, time)
        return unit(torch.cat([now, LASTING_WEIGHT * self.lasting(items), *shares, facts], dim=1))

    def joined(self, vectors):
        """The towers' unit vectors (N, W) as one unit vector."""
        return torch.cat(list(vectors), dim=1) / math.sqrt(self.shape.towers) @ self.rotation

    def item_vectors(self):
        """(2 + N, D), one row per item; the first two, padding and unknown, are zero. Of unit length where the item has factors.

        An item's product with a profile is the cosine of now plus `score_weight` times the cosine of what lasts, but for a factor that is
        the same for all items. Categories and facts say nothing of an item.
        """
        items = self.joined(tower.item_directions() for tower in self.towers)
        if self.lasting is not None:
            weight = self.lasting.score_weight / LASTING_WEIGHT
            items = torch.cat([items, weight * self.lasting.item_directions()], dim=1) / (1 + weight * weight).sqrt()
        return F.pad(items, (0, self.shape.shares + self.shape.facts, FIRST, 0))

    def scale(self) -> float:
        """What a cosine of now is multiplied by in an item's product with a profile, whose other segments have about length 1."""
        if self.lasting is None:
            return 1.0
        weight = self.lasting.score_weight.item() / LASTING_WEIGHT
        others = FACTS_WEIGHT ** 2 + (CATEGORIES_WEIGHT ** 2 if self.shares is not None else 0)
        return 1 / math.sqrt((1 + weight * weight) * (1 + LASTING_WEIGHT ** 2 + others))

    def segments(self) -> list:
        """For the manifest: where each segment of a profile lies and what it says."""
        segments = [("now", self.shape.now, 1.0, None)]
        if self.lasting is not None:
            segments.append(("lasting", self.shape.lasting, LASTING_WEIGHT, None))
        if self.shares is not None:
            segments.append(("categories", self.shape.shares, CATEGORIES_WEIGHT, self.shares.names))
        if self.facts is not None:
            segments.append(("facts", self.shape.facts, FACTS_WEIGHT, self.facts.names()))
        return placed(segments)
