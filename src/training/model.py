"""The profile model of one catalogue: multi-head self-attention over a user's newest events and attributes.

A token is the sum of what its event says (item, kind, category, time gap, value, and a projection of the item's content vector where
there is one), normalized; attributes are tokens before the
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

from block import HIDDEN, Block
from encode import FIRST, UNKNOWN
from layers import Dropout, Linear, Table, unit
from newest import UNLIKELY, profile_of_newest
from softmax import DistinctRows


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
    content: int = 0   # C of the items' content vectors; 0 where it is not used

    @property
    def width(self) -> int:
        """W of a tower's tokens."""
        return self.dimension // self.towers


class Tower(nn.Module):
    """One network of its own: tables, layers, and what its items weigh."""

    def __init__(self, shape: Shape, dropout: float = 0.0):
        super().__init__()
        self.shape, self.dropout, d = shape, Dropout(dropout), shape.width
        self.item = Table(shape.items, d)
        self.kind, self.category, self.gap = (Table(rows, d) if rows else None for rows in (shape.kinds, shape.categories, shape.gaps))
        self.from_value = Linear(2, d, bias=False) if shape.values else None
        self.from_content = Linear(shape.content, d, bias=False) if shape.content else None
        self.attribute = Table(1 + sum(shape.attributes), d) if shape.attributes else None
        self.norm = nn.LayerNorm(d)
        self.blocks = nn.ModuleList(Block(shape, dropout) for _ in range(shape.layers))
        self.weight = Linear(d, 1)  # how much an event counts in the mean of the items
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, 0, 0.02)
        offsets = torch.tensor([1 + sum(shape.attributes[:i]) for i in range(len(shape.attributes))], dtype=torch.int64)
        self.register_buffer("offsets", offsets, persistent=False)

    def tokens(self, item, kinds, categories, gaps, values, attributes, content=None):
        """What each attribute and event says: item (B, L, W), content (B, L, C), if any -> (B, A+L, W)."""
        x = item
        for table, index in ((self.kind, kinds), (self.category, categories), (self.gap, gaps)):
            x = x if table is None else x + table(index)
        if self.from_value is not None:  # one direction for having a value, one for how much it is
            x = x + self.from_value(torch.stack([(values != 0).to(values.dtype), values], dim=2))
        if content is not None:
            x = x + self.from_content(content)
        if self.attribute is not None:
            x = torch.cat([self.attribute((attributes + self.offsets) * (attributes > UNKNOWN)), x], dim=1)
        return self.dropout(self.norm(x))

    def profile(self, items, kinds, categories, gaps, values, attributes, content=None):
        """Profiles (B, L, W) of unit length as of each event, and what each event weighs in them (B, L, L)."""
        known = items > UNKNOWN                                                             # (B, L)
        item, given = unit(self.item(items)) * known.unsqueeze(2), attributes.shape[1] if self.shape.attributes else 0
        x = self.tokens(item, kinds, categories, gaps, values, attributes, content)         # (B, N, W) with N = A + L
        real = torch.cat([attributes[:, :given] > UNKNOWN, items > 0], dim=1)               # (B, N)
        place = torch.arange(x.shape[1], device=items.device)
        back = place.unsqueeze(1) - place.unsqueeze(0)                                      # (N, N) tokens ago
        event = (place >= given).unsqueeze(0)
        allowed = (((back >= 0) | ~event).unsqueeze(0) & real.unsqueeze(1)).unsqueeze(1)    # (B, 1, N, N): all see attributes
        far = self.shape.max_events - 1
        ago = torch.where(event, back.clamp(0, far), torch.full_like(back, far))            # attributes have no distance
        events = F.pad((items > 0).to(x.dtype), (given, 0)).unsqueeze(2)                    # (B, N, 1)
        for block in self.blocks[:-1]:
            x = block(x, events, ago, allowed)
        weight = self.weight(x[:, given:]).transpose(1, 2)                                  # (B, 1, L)
        x = self.blocks[-1](x, events, ago, allowed)[:, given:]                             # (B, L, W)
        weight = weight.masked_fill(~known.unsqueeze(1), UNLIKELY)                          # they have no vector to add
        weights = weight.masked_fill(~allowed[:, 0, given:, given:], HIDDEN).softmax(dim=2)  # (B, L, L)
        return unit(x + weights @ item), weights

    def item_directions(self, index=None):
        """(N, W) of unit length, of all items or of the given ones, numbered from 0 and each given once."""
        rows = self.item.weight[FIRST:] if index is None else DistinctRows.apply(self.item.weight, index + FIRST)
        return unit(rows)


class ProfileModel(nn.Module):
    def __init__(self, shape: Shape, dropout: float = 0.0):
        super().__init__()
        self.shape, self.tells_heads = shape, False
        self.towers = nn.ModuleList(Tower(shape, dropout) for _ in range(shape.towers))
        # turns the space onto that of an earlier version (align.py); training leaves it alone
        self.rotation = nn.Parameter(torch.eye(shape.dimension), requires_grad=False)

    def forward(self, items, kinds, categories, gaps, values, attributes, content=None):
        """The package's graph: vector (B, D) of unit length, attention (B, L), what each event weighs; where `tells_heads`, what
        it weighs in each head (B, H, L), tower after tower."""
        profiles, weights, heads = zip(*(profile_of_newest(tower, items, kinds, categories, gaps, values, attributes, content) for tower in self.towers))
        told = self.joined(profiles), sum(weights) / len(weights)
        return (*told, torch.cat(heads, dim=1)) if self.tells_heads else told

    def joined(self, parts):
        """Unit vectors of each tower (N, W) as one of the profile space (N, D)."""
        return torch.cat(list(parts), dim=1) / math.sqrt(self.shape.towers) @ self.rotation

    def item_vectors(self):
        """(2 + N, D) of unit length, a row of the item tables each; padding and unknown are zero."""
        return F.pad(self.joined(tower.item_directions() for tower in self.towers), (0, 0, FIRST, 0))
