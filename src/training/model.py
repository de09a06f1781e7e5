"""The profile model of one catalogue: multi-head self-attention over a user's newest events and attributes.

A token is the sum of what its event says (item, kind, category, time gap, value), normalized; attributes are tokens before the
events. Layers of post-norm self-attention follow, in which an event sees the attributes and the events up to itself. Position
is how many events ago a token lies from the event that asks, so that a window gives the same vector alone and in a padded
batch, and every event of a history is trained as if it were the newest. The profile is what the newest token has become plus a weighted
mean of the items themselves (as in CORE, Hou et al. 2022), of unit length; an item's score is its cosine with the profile.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from encode import FIRST
from layers import Linear, Table, unit


@dataclass(frozen=True)
class Shape:
    """All that is needed to build the graph; it is written into the metadata of model.onnx."""
    dimension: int     # D of the tokens and of the profile
    heads: int
    layers: int
    max_events: int
    attention: str     # how a token scores another: "dot" or "additive"
    items: int         # rows of each table, the free indices included; 0 where the input is not used
    categories: int
    kinds: int
    gaps: int
    values: bool
    attributes: tuple  # rows of each attribute's table


class DotScores(nn.Module):
    """Scaled dot products (Vaswani et al. 2017): q (B, H, Q, D/H), k (B, H, N, D/H) -> (B, H, Q, N)."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.scale = 1 / math.sqrt(shape.dimension // shape.heads)

    def forward(self, query, key):
        return query @ key.transpose(2, 3) * self.scale


class AdditiveScores(nn.Module):
    """v · tanh(q + k) for every pair (Bahdanau et al. 2015); the sums of all pairs are held at once."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.direction = nn.Parameter(torch.randn(shape.heads, 1, 1, shape.dimension // shape.heads) * 0.1)

    def forward(self, query, key):
        return (torch.tanh(query.unsqueeze(3) + key.unsqueeze(2)) * self.direction).sum(4)


SCORES = {"dot": DotScores, "additive": AdditiveScores}


class Block(nn.Module):
    """A layer of a transformer, normalized after each addition (as in Vaswani et al. 2017)."""

    def __init__(self, shape: Shape, dropout: float):
        super().__init__()
        d = shape.dimension
        self.heads = shape.heads
        self.query, self.key, self.value, self.out = (Linear(d, d) for _ in range(4))
        self.scores = SCORES[shape.attention](shape)
        self.ago = nn.Parameter(torch.zeros(shape.max_events, shape.heads))  # bias by how many events ago
        self.up, self.down = Linear(d, 4 * d), Linear(4 * d, d)
        self.norm_mixed, self.norm_out = nn.LayerNorm(d), nn.LayerNorm(d)
        self.dropout = nn.Dropout(dropout)

    def split(self, x):  # (B, N, D) -> (B, H, N, D/H)
        return x.reshape(x.shape[0], -1, self.heads, x.shape[2] // self.heads).transpose(1, 2)

    def forward(self, x, ago, allowed, first: int):
        """Tokens from `first` on ask, all answer: x (B, N, D), ago (Q, N), allowed (B, 1, Q, N) -> (B, Q, D)."""
        asking = x[:, first:]
        scores = self.scores(self.split(self.query(asking)), self.split(self.key(x)))
        scores = scores + F.embedding(ago, self.ago).permute(2, 0, 1)                       # (B, H, Q, N)
        weights = scores.masked_fill(~allowed, -1e9).softmax(dim=3)
        mixed = (self.dropout(weights) @ self.split(self.value(x))).transpose(1, 2)         # (B, Q, H, D/H)
        h = self.norm_mixed(asking + self.dropout(self.out(mixed.reshape(asking.shape))))
        return self.norm_out(h + self.dropout(self.down(F.gelu(self.up(h)))))


class ProfileModel(nn.Module):
    def __init__(self, shape: Shape, dropout: float = 0.0):
        super().__init__()
        self.shape, self.dropout, d = shape, nn.Dropout(dropout), shape.dimension
        self.item = Table(shape.items, d)
        self.kind, self.category, self.gap = (Table(rows, d) if rows else None for rows in (shape.kinds, shape.categories, shape.gaps))
        self.from_value = Linear(2, d, bias=False) if shape.values else None
        self.attribute = Table(1 + sum(shape.attributes), d) if shape.attributes else None
        self.norm = nn.LayerNorm(d)
        self.blocks = nn.ModuleList(Block(shape, dropout) for _ in range(shape.layers))
        self.weight = Linear(d, 1)  # how much an event counts in the mean of the items
        # turns the space onto that of an earlier version (export.py); trained never
        self.rotation = nn.Parameter(torch.eye(d), requires_grad=False)
        for parameter in self.parameters():
            if parameter.dim() == 2 and parameter is not self.rotation:
                nn.init.normal_(parameter, 0, 0.02)
        offsets = torch.tensor([1 + sum(shape.attributes[:i]) for i in range(len(shape.attributes))], dtype=torch.int64)
        self.register_buffer("offsets", offsets, persistent=False)

    def tokens(self, item, kinds, categories, gaps, values, attributes):
        """What each attribute and event says: item (B, L, D) -> (B, A+L, D)."""
        x = item
        for table, index in ((self.kind, kinds), (self.category, categories), (self.gap, gaps)):
            x = x if table is None else x + table(index)
        if self.from_value is not None:  # one direction for having a value, one for how much it is
            x = x + self.from_value(torch.stack([(values != 0).to(values.dtype), values], dim=2))
        if self.attribute is not None:
            x = torch.cat([self.attribute((attributes + self.offsets) * (attributes > 0)), x], dim=1)
        return self.dropout(self.norm(x))

    def profile(self, items, kinds, categories, gaps, values, attributes, first: int = -1):
        """Profiles (B, Q, D) of unit length as of each event from position `first` on, and what each event weighs (B, Q, L)."""
        item, given = unit(self.item(items)), attributes.shape[1] if self.shape.attributes else 0
        x = self.tokens(item, kinds, categories, gaps, values, attributes)                  # (B, N, D) with N = A + L
        real = torch.cat([attributes[:, :given] > 0, items > 0], dim=1)                     # (B, N)
        place = torch.arange(x.shape[1], device=items.device)
        back = place.unsqueeze(1) - place.unsqueeze(0)                                      # (N, N) tokens ago
        event = (place >= given).unsqueeze(0)
        allowed = (((back >= 0) | ~event).unsqueeze(0) & real.unsqueeze(1)).unsqueeze(1)    # (B, 1, N, N): all see attributes
        far = self.shape.max_events - 1
        ago = torch.where(event, back.clamp(0, far), torch.full_like(back, far))            # attributes have no distance
        for block in self.blocks[:-1]:
            x = block(x, ago, allowed, 0)
        weight = self.weight(x[:, given:]).transpose(1, 2)                                  # (B, 1, L)
        first = first + given if first >= 0 else first
        allowed = allowed[:, :, first:]
        x = self.blocks[-1](x, ago[first:], allowed, first)                                 # (B, Q, D)
        weights = weight.masked_fill(~allowed[:, 0, :, given:], -1e9).softmax(dim=2)        # (B, Q, L)
        return unit(x + weights @ item), weights

    def forward(self, items, kinds, categories, gaps, values, attributes):
        """The package's graph: vector (B, D) of unit length, attention (B, L)."""
        profile, weights = self.profile(items, kinds, categories, gaps, values, attributes)
        return profile[:, -1] @ self.rotation, weights[:, -1]

    def item_directions(self, index=None):
        """(N, D) of unit length, of all items or of the given ones, numbered from 0; not yet rotated."""
        rows = self.item.weight[FIRST:]
        return unit(rows if index is None else F.embedding(index, rows))

    def item_vectors(self):
        """(2 + N, D) of unit length in the profile space, a row of the item table each; padding and unknown are zero."""
        return F.pad(self.item_directions() @ self.rotation, (0, 0, FIRST, 0))
