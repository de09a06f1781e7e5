"""Tokens → those that are known → rows of a table: 0 for none, then one for each bucket, and the last one for a unit that is not known."""

import torch
from torch.nn import functional as F

from profile_training.sentiment.tokenizer import SLOTS


def recognised(tokens, known):
    """tokens (B, L), a bit for each token -> (B, L): the token if it is known, 0 if not, and for a unit that is not known the number
    after the last token's. A unit and a beginning are known by their bits, a longer gram if its units are."""
    grams = (bits_of(tokens, known) & (tokens > 0)).reshape(tokens.shape[0], -1, SLOTS)
    unit = grams[:, :, 0]
    next_one, next_two = (F.pad(unit.to(torch.int64), (0, n))[:, n:] > 0 for n in (1, 2))
    is_known = torch.stack([unit, unit & next_one, unit & next_one & next_two, grams[:, :, 3]], dim=2).reshape(tokens.shape)
    real = (tokens > 0).to(torch.int64)
    is_unit = F.pad(torch.ones_like(real).reshape(tokens.shape[0], -1, SLOTS)[:, :, :1], (0, SLOTS - 1)).reshape(tokens.shape)
    return real * torch.where(is_known, tokens, is_unit * (1 + 8 * len(known)))


def rows_of(tokens, hashes: int, buckets: int):
    """Recognised tokens, and how many there may be -> rows of a table with so many buckets."""
    bucket = 1 + (tokens - 1).clamp(min=0) % buckets
    return torch.where(tokens > hashes, torch.full_like(tokens, 1 + buckets), bucket * (tokens > 0))


def bits_of(tokens, known):
    place = (tokens - 1).clamp(min=0)
    byte = known[torch.div(place, 8, rounding_mode="trunc")].to(torch.int64)
    power = 2 ** torch.arange(0, 8, device=tokens.device)
    return byte % (2 * power)[place % 8] >= power[place % 8]
