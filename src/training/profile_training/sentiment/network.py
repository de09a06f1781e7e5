"""The network that scores a text: self-attention over its units, attentive pooling, and a regression on n-grams.

Shapes: B texts, L tokens, N units of SLOTS tokens, W the width.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from profile_training.model.layers import Dropout, Linear, Table
from profile_training.model.transformer import MASKED, TransformerLayer
from profile_training.sentiment.negators import ENDS, NEGATORS, PAIRS, REACH, TURNED, turns
from profile_training.sentiment.rows import recognised, rows_of
from profile_training.sentiment.tokenizer import SLOTS, WHOLE


LOGITS = 2  # of praise, of stating an opinion


@dataclass(frozen=True)
class SentimentShape:
    hashes: int      # of the tokens
    buckets: int     # of the network's table, which the hashes of known grams share
    wide: int        # buckets of the regression's table
    max_events: int  # units of a text; TransformerLayer reads it under this name
    width: int
    heads: int
    layers: int
    local: int = 3   # units that LocalMix averages
    attention: str = "dot"
    reach: int = REACH       # of a negator, units
    turned_counts: float = TURNED  # what a unit counts that a negator reaches


class SentimentModel(nn.Module):
    """Two parts, trained separately and then weighed against each other: a logistic regression on the bag of n-grams, and a
    network with self-attention, which knows what words mean in their context. Each gives two logits: of praise, and of stating
    an opinion at all.

    The tables have a row for padding (0), for each bucket, and, the last one, for a unit that is not known."""

    def __init__(self, shape: SentimentShape, dropout: float = 0.0, forget: float = 0.0):
        super().__init__()
        self.shape, self.forget = shape, forget
        self.known = nn.Parameter(torch.zeros(shape.hashes // 8, dtype=torch.uint8), requires_grad=False)  # a bit for each hash
        self.negators, self.negating_pairs, self.ends = (                                                   # their tokens
            nn.Parameter(torch.zeros(len(words), dtype=torch.int64), requires_grad=False) for words in (NEGATORS, PAIRS, ENDS))
        self.turned = nn.Parameter(torch.zeros(shape.width))      # is added to a unit that negation reaches
        self.table = Table(2 + shape.buckets, shape.width, scale=0.05)
        self.slots = nn.Parameter(torch.ones(len(WHOLE), 1))
        self.blocks = nn.ModuleList(TransformerLayer(shape, dropout=0.0) for _ in range(shape.layers))
        self.pool = Linear(shape.width, shape.heads)
        self.out = Linear(shape.width * shape.heads, LOGITS)
        self.single = Linear(shape.width, LOGITS)
        self.dropout = Dropout(dropout)
        self.wide = Table(2 + shape.wide, LOGITS, scale=0.0)      # of the regression
        self.mix = nn.Parameter(torch.zeros(3, LOGITS))           # see `mixed`
        self.mix.data[0] = 1
        for frozen in (*self.wide.parameters(), self.mix):
            frozen.requires_grad = False

    @staticmethod
    def of(config):
        shape = SentimentShape(config.hashes, config.buckets, config.wide, config.units, config.width, config.heads,
                               config.layers)
        return SentimentModel(shape, config.dropout, config.forget)

    def forward(self, tokens):
        """tokens (B, L) -> score (B) in [-1, 1], opinion (B) in [0, 1], attention (B, L)."""
        logits, weights = self.logits(self.recognised(tokens), self.turns(tokens))
        return torch.tanh(logits[:, 0] / 2), torch.sigmoid(logits[:, 1]), self.per_token(weights.mean(dim=2), tokens)

    def recognised(self, tokens):
        """tokens (B, L) -> those that are known (B, L), see rows.py."""
        return recognised(tokens, self.known)

    def turns(self, tokens):
        """tokens (B, L) -> how negation turns each unit (B, N)."""
        grams = tokens.reshape(tokens.shape[0], -1, SLOTS)
        units, pairs, shape = grams[:, :, 0], grams[:, :, 1], self.shape
        return turns(units, pairs, self.negators, self.negating_pairs, self.ends, shape.reach, shape.turned_counts)

    def logits(self, tokens, turn):
        """Recognised tokens (B, L), turns (B, N) -> logits (B, 2), weights (B, N, H) of the units."""
        deep, weights = self.read(tokens, turn)
        return self.mixed(deep, self.regress(tokens, turn)[0]), weights

    def mixed(self, deep, wide):
        """The logits of both parts (B, 2) -> (B, 2)."""
        return self.mix[0] * deep + self.mix[1] * wide + self.mix[2]

    def regress(self, tokens, turn):
        """The regression alone: recognised tokens (B, L), turns (B, N) -> logits (B, 2) without their constants, None."""
        count = (tokens != 0).to(self.mix.dtype).sum(dim=1, keepdim=True).clamp(min=1.0)   # (B, 1)
        weights = self.wide(rows_of(tokens, self.shape.hashes, self.shape.wide))           # (B, L, 2)
        same = torch.ones_like(turn)
        praise = weights[:, :, 0] * torch.stack([turn, same, same, turn], dim=2).reshape(tokens.shape)
        return torch.stack([praise.sum(dim=1), weights[:, :, 1].sum(dim=1)], dim=1) / count.sqrt(), None

    def read(self, tokens, turn):
        """The network alone: recognised tokens (B, L), turns (B, N) -> logits (B, 2), weights (B, N, H) of the units."""
        rows = rows_of(tokens, self.shape.hashes, self.shape.buckets).reshape(tokens.shape[0], -1, SLOTS)
        words = torch.stack([rows[:, :, slot] for slot in WHOLE], dim=2)            # (B, N, 2)
        real = words[:, :, :1] != 0                                                 # (B, N, 1)
        unit = real.to(self.slots.dtype)
        turn = turn.unsqueeze(2)                                                    # (B, N, 1)
        x = self.units(words) + (1 - turn) * unit * self.turned                     # (B, N, W)
        count = unit.sum(dim=1).clamp(min=1.0)                                      # (B, 1)
        turned = torch.cat([turn, torch.ones_like(turn)], dim=2) * unit             # (B, N, 2), praise alone turns
        single = (self.single(x) * turned).sum(dim=1) / count.sqrt()                # (B, 2)
        place = torch.arange(0, words.shape[1], device=rows.device)
        apart, h = (place.unsqueeze(0) - place.unsqueeze(1)).abs(), x
        for layer in self.blocks:
            h = layer(h, unit, apart, real.reshape(real.shape[0], 1, 1, -1))
        weights = self.pool(h).masked_fill(~real, MASKED).softmax(dim=1) * unit     # (B, N, H)
        pooled = (weights.transpose(1, 2) @ h).reshape(h.shape[0], -1)              # (B, H * W)
        return self.out(self.dropout(pooled)) + single, weights

    def units(self, words):
        """Rows of each unit and its beginning (B, N, 2) -> the weighted sum of their vectors (B, N, W); training hides some at random."""
        if torch.onnx.is_in_onnx_export():
            return (self.table(words) * self.slots).sum(dim=2)
        weights = (words != 0).to(self.slots.dtype) * self.slots.squeeze(1)
        if self.training and self.forget:
            weights = weights * (torch.rand_like(weights) >= self.forget)
        # one operation, five times as fast as separate products
        bags = F.embedding_bag(words.reshape(-1, len(WHOLE)), self.table.weight, mode="sum",
                               per_sample_weights=weights.reshape(-1, len(WHOLE)))
        return bags.reshape(*words.shape[:2], -1)

    def per_token(self, weights, tokens):
        """weights (B, N) -> (B, L): a unit's weight, divided among its tokens."""
        grams = (tokens != 0).to(weights.dtype).reshape(tokens.shape[0], -1, SLOTS)
        shared = weights.unsqueeze(2) * grams / grams.sum(dim=2, keepdim=True).clamp(min=1.0)
        return shared.reshape(tokens.shape)
