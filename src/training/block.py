"""One layer of the profile model: attention, local mixing and a small network on each token. Shapes: H heads, tokens of width W."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from layers import Dropout, Linear

LOCAL_SHARE = 0.3  # of what a token takes in
HIDDEN = -1e9      # score of what may not be seen: no weight beside any other


class DotScores(nn.Module):
    """Scaled dot products (Vaswani et al. 2017): q (B, H, Q, W/H), k (B, H, N, W/H) -> (B, H, Q, N)."""

    def __init__(self, shape):
        super().__init__()
        self.scale = 1 / math.sqrt(shape.width // shape.heads)

    def forward(self, query, key):
        return query @ key.transpose(2, 3) * self.scale


class AdditiveScores(nn.Module):
    """v · tanh(q + k) for every pair (Bahdanau et al. 2015); the sums of all pairs are held at once."""

    def __init__(self, shape):
        super().__init__()
        self.direction = nn.Parameter(torch.randn(shape.heads, 1, 1, shape.width // shape.heads) * 0.1)

    def forward(self, query, key):
        return (torch.tanh(query.unsqueeze(3) + key.unsqueeze(2)) * self.direction).sum(4)


class LocalMix(nn.Module):
    """A weighted mean of an event and the few before it, with weights of its own for each place and dimension.

    Attention finds what matters anywhere; what came just now matters anyhow, and so need not be found. It is the low-pass
    branch beside attention of BSARec (Shin et al. 2024), causal and in the time domain.
    """

    def __init__(self, shape):
        super().__init__()
        self.count = shape.local
        self.weight = nn.Parameter(torch.zeros(shape.local, shape.width))
        self.norm = nn.LayerNorm(shape.width)

    def forward(self, x):
        """x (B, N, W), zero where there is no event -> (B, N, W)."""
        count, weight = self.count, self.weight.softmax(dim=0)
        earlier = F.pad(x, (0, 0, count - 1, 0))
        return self.norm(sum(earlier[:, place:place + x.shape[1]] * weight[place] for place in range(count)))


SCORES = {"dot": DotScores, "additive": AdditiveScores}


class Block(nn.Module):
    """A layer of a transformer, normalized after each addition (as in Vaswani et al. 2017)."""

    def __init__(self, shape, dropout: float):
        super().__init__()
        d = shape.width
        self.heads, self.width = shape.heads, d
        self.query, self.key, self.value, self.out = (Linear(d, d) for _ in range(4))
        self.scores = SCORES[shape.attention](shape)
        self.ago = nn.Parameter(torch.zeros(shape.heads, shape.max_events))  # bias by how many events ago
        self.mix = LocalMix(shape) if shape.local else None
        self.up, self.down = Linear(d, 4 * d), Linear(4 * d, d)
        self.norm_mixed, self.norm_out = nn.LayerNorm(d), nn.LayerNorm(d)
        self.dropout = Dropout(dropout)

    def split(self, x):  # (B, N, W) -> (B, H, N, W/H)
        return x.reshape(x.shape[0], -1, self.heads, x.shape[2] // self.heads).transpose(1, 2)

    def bias(self, ago):
        """(Q, N) tokens ago -> (H, Q, N)."""
        return self.ago.index_select(1, ago.reshape(-1)).reshape(self.heads, *ago.shape)

    def forward(self, x, event, ago, allowed):
        """x (B, N, W), event (B, N, 1) 1 where the token is one, ago (N, N), allowed (B, 1, N, N) -> (B, N, W)."""
        scores = self.scores(self.split(self.query(x)), self.split(self.key(x))) + self.bias(ago)   # (B, H, N, N)
        weights = scores.masked_fill(~allowed, HIDDEN).softmax(dim=3)
        mixed = (self.dropout(weights) @ self.split(self.value(x))).transpose(1, 2)                 # (B, N, H, W/H)
        return self.settle(x, mixed.reshape(x.shape), None if self.mix is None else self.mix(x * event))

    def settle(self, x, mixed, local):
        """What tokens (..., W) become with what attention and, unless None, LocalMix give them."""
        found = self.dropout(self.out(mixed))
        if local is not None:
            found = (1 - LOCAL_SHARE) * found + LOCAL_SHARE * self.dropout(local)
        h = self.norm_mixed(x + found)
        return self.norm_out(h + self.dropout(self.down(F.gelu(self.up(h)))))
