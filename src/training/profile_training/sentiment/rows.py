"""Tokens → rows of the model's tables: 0 for none, then one for each bucket, and the last one for a unit that is not known."""

import torch
from torch.nn import functional as F

from profile_training.sentiment.tokenizer import SLOTS


def rows_of(tokens, known, buckets: int):
    """tokens (B, L), a bit for each token -> (B, L). A unit and a beginning are known by their bits, a longer gram if its units are."""
    grams = (bits_of(tokens, known) & (tokens > 0)).reshape(tokens.shape[0], -1, SLOTS)
    unit = grams[:, :, 0]
    next_one, next_two = (F.pad(unit.to(torch.int64), (0, n))[:, n:] > 0 for n in (1, 2))
    is_known = torch.stack([unit, unit & next_one, unit & next_one & next_two, grams[:, :, 3]], dim=2).reshape(tokens.shape)
    real = (tokens > 0).to(torch.int64)
    is_unit = F.pad(torch.ones_like(real).reshape(tokens.shape[0], -1, SLOTS)[:, :, :1], (0, SLOTS - 1)).reshape(tokens.shape)
    return real * torch.where(is_known, 1 + (tokens - 1).clamp(min=0) % buckets, is_unit * (1 + buckets))


def bits_of(tokens, known):
    place = (tokens - 1).clamp(min=0)
    byte = known[torch.div(place, 8, rounding_mode="trunc")].to(torch.int64)
    power = 2 ** torch.arange(0, 8, device=tokens.device)
    return byte % (2 * power)[place % 8] >= power[place % 8]
