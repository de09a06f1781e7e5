"""The network that reads a text: n-grams, self-attention over the units that they begin at, attentive pooling.

Shapes: B texts, L tokens, N units of SLOTS tokens, W the width.
"""

from dataclasses import dataclass

import torch
from torch import nn

from block import HIDDEN, Block
from layers import Dropout, Linear, Table
from text_tokens import SLOTS


@dataclass(frozen=True)
class SentimentShape:
    buckets: int
    max_events: int  # units of a text; so named because Block is made for events
    width: int
    heads: int
    layers: int
    local: int = 3   # units that are also mixed by place
    attention: str = "dot"


class SentimentModel(nn.Module):
    """The score is what single units say, summed as in a bag of n-grams, and what attention makes of them in their context."""

    def __init__(self, shape: SentimentShape, dropout: float = 0.0, forget: float = 0.0):
        super().__init__()
        self.shape, self.forget = shape, forget
        self.table = Table(1 + shape.buckets, shape.width, scale=0.05)
        self.slots = nn.Parameter(torch.ones(SLOTS, 1))
        self.blocks = nn.ModuleList(Block(shape, dropout) for _ in range(shape.layers))
        self.pool = Linear(shape.width, shape.heads)
        self.out = Linear(shape.width * shape.heads, 1)
        self.single = Linear(shape.width, 1)
        self.dropout = Dropout(dropout)

    @staticmethod
    def of(config):
        shape = SentimentShape(config.buckets, config.units, config.width, config.heads, config.layers)
        return SentimentModel(shape, config.dropout, config.forget)

    def forward(self, tokens):
        """tokens (B, L) -> score (B) in [-1, 1], attention (B, L)."""
        logit, weights = self.read(tokens)
        return torch.tanh(logit / 2), self.per_token(weights.mean(dim=2), tokens)

    def read(self, tokens):
        """tokens (B, L) -> logit (B) of praise, weights (B, N, H) of the units."""
        grams = tokens.reshape(tokens.shape[0], -1, SLOTS)                          # (B, N, SLOTS)
        real = (grams[:, :, 0] != 0).unsqueeze(2)                                   # (B, N, 1)
        unit = real.to(self.slots.dtype)
        x = (self.kept(self.table(grams)) * self.slots).sum(dim=2)                  # (B, N, W)
        count = unit.sum(dim=1).clamp(min=1.0)                                      # (B, 1)
        single = (self.single(x) * unit).sum(dim=1) / count.sqrt()                  # (B, 1)
        place = torch.arange(0, grams.shape[1], device=tokens.device)
        apart, h = (place.unsqueeze(0) - place.unsqueeze(1)).abs(), x
        for block in self.blocks:
            h = block(h, unit, apart, real.reshape(real.shape[0], 1, 1, -1))
        weights = self.pool(h).masked_fill(~real, HIDDEN).softmax(dim=1) * unit     # (B, N, H)
        pooled = (weights.transpose(1, 2) @ h).reshape(h.shape[0], -1)              # (B, H * W)
        return (self.out(self.dropout(pooled)) + single).squeeze(1), weights

    def kept(self, cells):
        """In training, some tokens are hidden at random."""
        if not self.training or not self.forget:
            return cells
        return cells * (torch.rand(cells.shape[:3] + (1,), device=cells.device) >= self.forget)

    def per_token(self, weights, tokens):
        """weights (B, N) -> (B, L): a unit's weight, shared by its tokens."""
        grams = (tokens != 0).to(weights.dtype).reshape(tokens.shape[0], -1, SLOTS)
        shared = weights.unsqueeze(2) * grams / grams.sum(dim=2, keepdim=True).clamp(min=1.0)
        return shared.reshape(tokens.shape)
