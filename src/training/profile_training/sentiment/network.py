"""The network that scores a text: n-grams, self-attention over the units that they begin at, attentive pooling.

Shapes: B texts, L tokens, N units of SLOTS tokens, W the width.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from profile_training.model.layers import Dropout, Linear, Table
from profile_training.model.transformer import MASKED, TransformerLayer
from profile_training.sentiment.tokenizer import SLOTS


@dataclass(frozen=True)
class SentimentShape:
    buckets: int
    max_events: int  # units of a text; TransformerLayer reads it under this name
    width: int
    heads: int
    layers: int
    local: int = 3   # units that LocalMix averages
    attention: str = "dot"


class SentimentModel(nn.Module):
    """Two parts, trained separately and then weighed against each other: a logistic regression on the bag of n-grams, and a
    network with self-attention, which knows what n-grams mean in their context."""

    def __init__(self, shape: SentimentShape, dropout: float = 0.0, forget: float = 0.0):
        super().__init__()
        self.shape, self.forget = shape, forget
        self.table = Table(1 + shape.buckets, shape.width, scale=0.05)
        self.slots = nn.Parameter(torch.ones(SLOTS, 1))
        self.blocks = nn.ModuleList(TransformerLayer(shape, dropout=0.0) for _ in range(shape.layers))
        self.pool = Linear(shape.width, shape.heads)
        self.out = Linear(shape.width * shape.heads, 1)
        self.single = Linear(shape.width, 1)
        self.dropout = Dropout(dropout)
        self.wide = Table(1 + shape.buckets, 1, scale=0.0)                # of the regression
        self.mix = nn.Parameter(torch.tensor([1.0, 0.0, 0.0, 0.0, 0.0]))  # see `logit`
        for frozen in (*self.wide.parameters(), self.mix):
            frozen.requires_grad = False

    @staticmethod
    def of(config):
        shape = SentimentShape(config.buckets, config.units, config.width, config.heads, config.layers)
        return SentimentModel(shape, config.dropout, config.forget)

    def forward(self, tokens):
        """tokens (B, L) -> score (B) in [-1, 1], attention (B, L)."""
        logit, weights = self.logit(tokens)
        return torch.tanh(logit / 2), self.per_token(weights.mean(dim=2), tokens)

    def logit(self, tokens):
        """tokens (B, L) -> logit (B) of praise, weights (B, N, H) of the units."""
        deep, weights = self.read(tokens)
        real = (tokens.reshape(tokens.shape[0], -1, SLOTS)[:, :, 0] != 0).to(deep.dtype)
        size, mix = real.sum(dim=1).clamp(min=1.0).log(), self.mix                  # (B), long texts have more context
        return (mix[0] + mix[1] * size) * deep + (mix[2] + mix[3] * size) * self.regress(tokens)[0] + mix[4], weights

    def regress(self, tokens):
        """The regression alone: tokens (B, L) -> logit (B) without its constant, None."""
        count = (tokens != 0).to(self.mix.dtype).sum(dim=1).clamp(min=1.0)          # (B)
        return self.wide(tokens).squeeze(2).sum(dim=1) / count.sqrt(), None

    def read(self, tokens):
        """The network alone: tokens (B, L) -> logit (B) of praise, weights (B, N, H) of the units."""
        grams = tokens.reshape(tokens.shape[0], -1, SLOTS)                          # (B, N, SLOTS)
        real = (grams[:, :, 0] != 0).unsqueeze(2)                                   # (B, N, 1)
        unit = real.to(self.slots.dtype)
        x = self.units(grams)                                                       # (B, N, W)
        count = unit.sum(dim=1).clamp(min=1.0)                                      # (B, 1)
        single = (self.single(x) * unit).sum(dim=1) / count.sqrt()                  # (B, 1)
        place = torch.arange(0, grams.shape[1], device=tokens.device)
        apart, h = (place.unsqueeze(0) - place.unsqueeze(1)).abs(), x
        for layer in self.blocks:
            h = layer(h, unit, apart, real.reshape(real.shape[0], 1, 1, -1))
        weights = self.pool(h).masked_fill(~real, MASKED).softmax(dim=1) * unit     # (B, N, H)
        pooled = (weights.transpose(1, 2) @ h).reshape(h.shape[0], -1)              # (B, H * W)
        return (self.out(self.dropout(pooled)) + single).squeeze(1), weights

    def units(self, grams):
        """grams (B, N, SLOTS) -> the weighted sum of each unit's vectors (B, N, W); training hides some n-grams at random."""
        if torch.onnx.is_in_onnx_export():
            return (self.table(grams) * self.slots).sum(dim=2)
        weights = (grams != 0).to(self.slots.dtype) * self.slots.squeeze(1)
        if self.training and self.forget:
            weights = weights * (torch.rand_like(weights) >= self.forget)
        # one operation, five times as fast as separate products
        bags = F.embedding_bag(grams.reshape(-1, SLOTS), self.table.weight, mode="sum", per_sample_weights=weights.reshape(-1, SLOTS))
        return bags.reshape(*grams.shape[:2], -1)

    def per_token(self, weights, tokens):
        """weights (B, N) -> (B, L): a unit's weight, divided among its tokens."""
        grams = (tokens != 0).to(weights.dtype).reshape(tokens.shape[0], -1, SLOTS)
        shared = weights.unsqueeze(2) * grams / grams.sum(dim=2, keepdim=True).clamp(min=1.0)
        return shared.reshape(tokens.shape)
