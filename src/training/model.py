"""The profile model of one catalogue: multi-head self-attention over a user's newest events and attributes.

A token is the sum of what its event says (item, kind, category, time gap, value), normalized; attributes are tokens before the
events. Layers of post-norm self-attention follow, in which an event sees the attributes and the events up to itself. Position
is how many events ago a token lies from the event that asks, so that a window gives the same vector alone and in a padded
batch, and every event of a history is trained as if it were the newest. The profile is what the newest token has become plus a weighted
mean of the items themselves (as in CORE, Hou et al. 2022), of unit length; an item's score is its cosine with the profile.

Several such towers, each with its own weights, stand side by side: the profile is theirs end to end, so that a cosine is the mean
of the towers' cosines. On sparse data they learn different things, and their mean knows better than one wide tower.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from encode import FIRST, UNKNOWN
from layers import Dropout, Linear, Table, unit
from softmax import DistinctRows

LOCAL_SHARE = 0.3  # of what a token takes in
UNLIKELY = -1e4    # no weight beside any other, and all of it where there is no other


@dataclass(frozen=True)
class Shape:
    """All that is needed to build the graph; it is written into the metadata of model.onnx."""
    dimension: int     # D of the profile: all towers together
    towers: int
    heads: int
    layers: int
    max_events: int
    attention: str     # how a token scores another: "dot" or "additive"
    local: int         # newest events that are also mixed by place, whatever they are; 0 for none
    items: int         # rows of each table, the free indices included; 0 where the input is not used
    categories: int
    kinds: int
    gaps: int
    values: bool
    attributes: tuple  # rows of each attribute's table

    @property
    def width(self) -> int:
        """W of a tower's tokens."""
        return self.dimension // self.towers


class DotScores(nn.Module):
    """Scaled dot products (Vaswani et al. 2017): q (B, H, Q, W/H), k (B, H, N, W/H) -> (B, H, Q, N)."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.scale = 1 / math.sqrt(shape.width // shape.heads)

    def forward(self, query, key):
        return query @ key.transpose(2, 3) * self.scale


class AdditiveScores(nn.Module):
    """v · tanh(q + k) for every pair (Bahdanau et al. 2015); the sums of all pairs are held at once."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.direction = nn.Parameter(torch.randn(shape.heads, 1, 1, shape.width // shape.heads) * 0.1)

    def forward(self, query, key):
        return (torch.tanh(query.unsqueeze(3) + key.unsqueeze(2)) * self.direction).sum(4)


class LocalMix(nn.Module):
    """A weighted mean of an event and the few before it, with weights of its own for each place and dimension.

    Attention finds what matters anywhere; what came just now matters anyhow, and so need not be found. It is the low-pass
    branch beside attention of BSARec (Shin et al. 2024), causal and in the time domain.
    """

    def __init__(self, shape: Shape):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape.local, shape.width))
        self.norm = nn.LayerNorm(shape.width)

    def forward(self, x, first: int):
        """Tokens from `first` on ask: x (B, N, W), zero where there is no event -> (B, Q, W)."""
        count = len(self.weight)
        earlier = F.pad(x, (0, 0, count - 1, 0))[:, first if first >= 0 else first - count + 1:]
        asking, weight = earlier.shape[1] - count + 1, self.weight.softmax(dim=0)
        return self.norm(sum(earlier[:, place:place + asking] * weight[place] for place in range(count)))


SCORES = {"dot": DotScores, "additive": AdditiveScores}


class Block(nn.Module):
    """A layer of a transformer, normalized after each addition (as in Vaswani et al. 2017)."""

    def __init__(self, shape: Shape, dropout: float):
        super().__init__()
        d = shape.width
        self.heads = shape.heads
        self.query, self.key, self.value, self.out = (Linear(d, d) for _ in range(4))
        self.scores = SCORES[shape.attention](shape)
        self.ago = nn.Parameter(torch.zeros(shape.heads, shape.max_events))  # bias by how many events ago
        self.mix = LocalMix(shape) if shape.local else None
        self.up, self.down = Linear(d, 4 * d), Linear(4 * d, d)
        self.norm_mixed, self.norm_out = nn.LayerNorm(d), nn.LayerNorm(d)
        self.dropout = Dropout(dropout)

    def split(self, x):  # (B, N, W) -> (B, H, N, W/H)
        return x.reshape(x.shape[0], -1, self.heads, x.shape[2] // self.heads).transpose(1, 2)

    def forward(self, x, event, ago, allowed, first: int):
        """Tokens from `first` on ask, all answer: x (B, N, W), event (B, N, 1) 1 where the token is one, ago (Q, N),
        allowed (B, 1, Q, N) -> (B, Q, W)."""
        asking = x[:, first:]
        scores = self.scores(self.split(self.query(asking)), self.split(self.key(x)))
        bias = self.ago.gather(1, ago.reshape(1, -1).expand(self.heads, -1))                # (H, Q·N)
        scores = scores + bias.reshape(self.heads, *ago.shape)                              # (B, H, Q, N)
        weights = scores.masked_fill(~allowed, -1e9).softmax(dim=3)
        mixed = (self.dropout(weights) @ self.split(self.value(x))).transpose(1, 2)         # (B, Q, H, W/H)
        found = self.dropout(self.out(mixed.reshape(asking.shape)))
        if self.mix is not None:
            found = (1 - LOCAL_SHARE) * found + LOCAL_SHARE * self.dropout(self.mix(x * event, first))
        h = self.norm_mixed(asking + found)
        return self.norm_out(h + self.dropout(self.down(F.gelu(self.up(h)))))


class Tower(nn.Module):
    """One network of its own: tables, layers, and what its items weigh."""

    def __init__(self, shape: Shape, dropout: float = 0.0):
        super().__init__()
        self.shape, self.dropout, d = shape, Dropout(dropout), shape.width
        self.item = Table(shape.items, d)
        self.kind, self.category, self.gap = (Table(rows, d) if rows else None for rows in (shape.kinds, shape.categories, shape.gaps))
        self.from_value = Linear(2, d, bias=False) if shape.values else None
        self.attribute = Table(1 + sum(shape.attributes), d) if shape.attributes else None
        self.norm = nn.LayerNorm(d)
        self.blocks = nn.ModuleList(Block(shape, dropout) for _ in range(shape.layers))
        self.weight = Linear(d, 1)  # how much an event counts in the mean of the items
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, 0, 0.02)
        offsets = torch.tensor([1 + sum(shape.attributes[:i]) for i in range(len(shape.attributes))], dtype=torch.int64)
        self.register_buffer("offsets", offsets, persistent=False)

    def tokens(self, item, kinds, categories, gaps, values, attributes):
        """What each attribute and event says: item (B, L, W) -> (B, A+L, W)."""
        x = item
        for table, index in ((self.kind, kinds), (self.category, categories), (self.gap, gaps)):
            x = x if table is None else x + table(index)
        if self.from_value is not None:  # one direction for having a value, one for how much it is
            x = x + self.from_value(torch.stack([(values != 0).to(values.dtype), values], dim=2))
        if self.attribute is not None:
            x = torch.cat([self.attribute((attributes + self.offsets) * (attributes > UNKNOWN)), x], dim=1)
        return self.dropout(self.norm(x))

    def profile(self, items, kinds, categories, gaps, values, attributes, first: int = -1):
        """Profiles (B, Q, W) of unit length as of each event from position `first` on, and what each event weighs (B, Q, L)."""
        known = items > UNKNOWN                                                             # (B, L)
        item, given = unit(self.item(items)) * known.unsqueeze(2), attributes.shape[1] if self.shape.attributes else 0
        x = self.tokens(item, kinds, categories, gaps, values, attributes)                  # (B, N, W) with N = A + L
        real = torch.cat([attributes[:, :given] > UNKNOWN, items > 0], dim=1)                     # (B, N)
        place = torch.arange(x.shape[1], device=items.device)
        back = place.unsqueeze(1) - place.unsqueeze(0)                                      # (N, N) tokens ago
        event = (place >= given).unsqueeze(0)
        allowed = (((back >= 0) | ~event).unsqueeze(0) & real.unsqueeze(1)).unsqueeze(1)    # (B, 1, N, N): all see attributes
        far = self.shape.max_events - 1
        ago = torch.where(event, back.clamp(0, far), torch.full_like(back, far))            # attributes have no distance
        events = F.pad((items > 0).to(x.dtype), (given, 0)).unsqueeze(2)                    # (B, N, 1)
        for block in self.blocks[:-1]:
            x = block(x, events, ago, allowed, 0)
        weight = self.weight(x[:, given:]).transpose(1, 2)                                  # (B, 1, L)
        first = first + given if first >= 0 else first
        allowed = allowed[:, :, first:]
        x = self.blocks[-1](x, events, ago[first:], allowed, first)                                 # (B, Q, W)
        weight = weight.masked_fill(~known.unsqueeze(1), UNLIKELY)                          # they have no vector to add
        weights = weight.masked_fill(~allowed[:, 0, :, given:], -1e9).softmax(dim=2)        # (B, Q, L)
        return unit(x + weights @ item), weights

    def item_directions(self, index=None):
        """(N, W) of unit length, of all items or of the given ones, numbered from 0 and each given once."""
        rows = self.item.weight[FIRST:] if index is None else DistinctRows.apply(self.item.weight, index + FIRST)
        return unit(rows)


class ProfileModel(nn.Module):
    def __init__(self, shape: Shape, dropout: float = 0.0):
        super().__init__()
        self.shape = shape
        self.towers = nn.ModuleList(Tower(shape, dropout) for _ in range(shape.towers))
        # turns the space onto that of an earlier version (align.py); training leaves it alone
        self.rotation = nn.Parameter(torch.eye(shape.dimension), requires_grad=False)

    def forward(self, items, kinds, categories, gaps, values, attributes):
        """The package's graph: vector (B, D) of unit length, attention (B, L), what each event weighs."""
        profiles, weights = zip(*(tower.profile(items, kinds, categories, gaps, values, attributes) for tower in self.towers))
        return self.joined([profile[:, -1] for profile in profiles]), sum(w[:, -1] for w in weights) / len(weights)

    def joined(self, parts):
        """Unit vectors of each tower (N, W) as one of the profile space (N, D)."""
        return torch.cat(list(parts), dim=1) / math.sqrt(self.shape.towers) @ self.rotation

    def item_vectors(self):
        """(2 + N, D) of unit length, a row of the item tables each; padding and unknown are zero."""
        return F.pad(self.joined(tower.item_directions() for tower in self.towers), (0, 0, FIRST, 0))
