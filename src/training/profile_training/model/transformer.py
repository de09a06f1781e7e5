"""One layer of the profile model: attention, local mixing and a feed-forward network. Shapes: H heads, tokens of width W."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from profile_training.model.layers import Dropout, Linear

LOCAL_SHARE = 0.3  # of local mixing, beside attention
MASKED = -1e9      # score of a masked token: its weight is 0 unless all tokens are masked


class DotScores(nn.Module):
    """Scaled dot products (Vaswani et al. 2017): q (B, H, Q, W/H), k (B, H, N, W/H) -> (B, H, Q, N)."""

    def __init__(self, shape):
        super().__init__()
        self.scale = 1 / math.sqrt(shape.width // shape.heads)

    def forward(self, query, key):
        return query @ key.transpose(2, 3) * self.scale


class AdditiveScores(nn.Module):
    """v · tanh(q + k) for every pair (Bahdanau et al. 2015); the sums of all pairs are in memory at once."""

    def __init__(self, shape):
        super().__init__()
        self.direction = nn.Parameter(torch.randn(shape.heads, 1, 1, shape.width // shape.heads) * 0.1)

    def forward(self, query, key):
        return (torch.tanh(query.unsqueeze(3) + key.unsqueeze(2)) * self.direction).sum(4)


class LocalMix(nn.Module):
    """A weighted mean of an event and the few before it, with learned weights for each position and dimension.

    The newest events matter whatever they are, so attention need not learn to find them. This is the low-pass branch of
    BSARec (Shin et al. 2024), causal and in the time domain.
    """

    def __init__(self, shape):
        super().__init__()
        self.count = shape.local
        self.weight = nn.Parameter(torch.zeros(shape.local, shape.width))
        self.norm = nn.LayerNorm(shape.width)

    def forward(self, x):
        """x (B, N, W), zero for a token that is not an event -> (B, N, W)."""
        count, weight = self.count, self.weight.softmax(dim=0)
        earlier = F.pad(x, (0, 0, count - 1, 0))
        return self.norm(sum(earlier[:, place:place + x.shape[1]] * weight[place] for place in range(count)))


SCORES = {"dot": DotScores, "additive": AdditiveScores}


class TransformerLayer(nn.Module):
    """Normalized after each addition (post-norm, as in Vaswani et al. 2017)."""

    def __init__(self, shape, dropout: float):
        super().__init__()
        d = shape.width
        self.heads, self.width = shape.heads, d
        self.query, self.key, self.value, self.out = (Linear(d, d) for _ in range(4))
        self.scores = SCORES[shape.attention](shape)
        self.ago = nn.Parameter(torch.zeros(shape.heads, shape.max_events))  # bias by distance in events
        self.mix = LocalMix(shape) if shape.local else None
        self.up, self.down = Linear(d, 4 * d), Linear(4 * d, d)
        self.norm_mixed, self.norm_out = nn.LayerNorm(d), nn.LayerNorm(d)
        self.dropout = Dropout(dropout)

    def split(self, x):  # (B, N, W) -> (B, H, N, W/H)
        return x.reshape(x.shape[0], -1, self.heads, x.shape[2] // self.heads).transpose(1, 2)

    def bias(self, ago):
        """Distances in tokens (Q, N) -> (H, Q, N)."""
        return self.ago.index_select(1, ago.reshape(-1)).reshape(self.heads, *ago.shape)

    def forward(self, x, event, ago, allowed):
        """x (B, N, W), event (B, N, 1) 1 for an event's token, ago (N, N), allowed (B, 1, N, N) -> (B, N, W)."""
        scores = self.scores(self.split(self.query(x)), self.split(self.key(x))) + self.bias(ago)   # (B, H, N, N)
        weights = scores.masked_fill(~allowed, MASKED).softmax(dim=3)
        mixed = (self.dropout(weights) @ self.split(self.value(x))).transpose(1, 2)                 # (B, N, H, W/H)
        return self.update(x, mixed.reshape(x.shape), None if self.mix is None else self.mix(x * event))

    def update(self, x, mixed, local):
        """Tokens (..., W) after attention's `mixed` and LocalMix's `local`, which may be None, and the feed-forward network."""
        added = self.dropout(self.out(mixed))
        if local is not None:
            added = (1 - LOCAL_SHARE) * added + LOCAL_SHARE * self.dropout(local)
        h = self.norm_mixed(x + added)
        return self.norm_out(h + self.dropout(self.down(F.gelu(self.up(h)))))
