"""A tower's profile as of the newest event: what the package's graph computes, and so what serving pays for.

It is the last row of `Tower.profile` (model.py), arranged for a single question:

- The last layer asks for the newest token alone. One query needs neither the key nor the value of each token, for
  q · (K x) = (K' q) · x and sum(w V x) = V sum(w x): its matrices meet one token a head, and its cost is linear in the window.
- What follows from the weights alone, such as the items' unit length, is computed of the tables and not of the tokens: ONNX Runtime
  does so once, when it loads the graph.
- What may not be seen is taken from the scores in a sum that broadcasts, not chosen for every pair.
"""

import torch
from torch.nn import functional as F

from block import HIDDEN, DotScores
from encode import FIRST, UNKNOWN
from layers import rows, unit

UNLIKELY = -1e4    # no weight beside any other, and all of it where there is no other


def profile_of_newest(tower, items, kinds, categories, gaps, values, attributes, content=None):
    """The profile (B, W) of unit length, what each event weighs (B, L), and what it weighs in each head of the last layer (B, H, L)."""
    given = attributes.shape[1] if tower.shape.attributes else 0                            # A
    item = rows(tower.item.weight, items, FIRST, unit)                                      # (B, L, W)
    x = tower.tokens(item, kinds, categories, gaps, values, attributes, content)            # (B, N, W) with N = A + L
    real = torch.cat([attributes[:, :given] > UNKNOWN, items > 0], dim=1)                   # (B, N)
    events = F.pad((items > 0).to(x.dtype), (given, 0)).unsqueeze(2)                        # (B, N, 1)
    place, far = torch.arange(x.shape[1], device=items.device), tower.shape.max_events - 1
    event, back = place >= given, place[-1:].unsqueeze(1) - place                           # (N), (1, N) tokens ago
    if len(tower.blocks) > 1:
        back = place.unsqueeze(1) - place                                                   # (N, N)
    ago = torch.where(event, back.clamp(0, far), torch.full_like(back, far))                # attributes have no distance
    later = hide((back >= 0) | ~event)                                                      # all see attributes
    hidden = hide(real)                                                                     # (B, N)
    for block in tower.blocks[:-1]:
        x = every_token(block, x, events, ago, later, hidden)
    weight = tower.weight(x[:, given:])[:, :, 0]                                            # (B, L)
    x, heads = newest_token(tower.blocks[-1], x, events, ago[-1], hidden)                   # (B, W), (B, H, N)
    weight = torch.where(items > UNKNOWN, weight, torch.full_like(weight, UNLIKELY))        # they have no vector to add
    weights = (weight + hidden[:, given:]).softmax(dim=1)                                   # (B, L)
    return unit(x + (weights.unsqueeze(1) @ item)[:, 0]), weights, heads[:, :, given:]


def every_token(block, x, events, ago, later, hidden):
    """As `Block.forward`: x (B, N, W), events (B, N, 1), ago and later (N, N), hidden (B, N) -> (B, N, W)."""
    scores = block.scores(block.split(block.query(x)), block.split(block.key(x)))           # (B, H, N, N)
    weights = (scores + (block.bias(ago) + later) + hidden.unsqueeze(1).unsqueeze(1)).softmax(dim=3)
    mixed = (weights @ block.split(block.value(x))).transpose(1, 2).reshape(x.shape)
    return block.settle(x, mixed, block.mix(x * events) if block.mix is not None else None)


def newest_token(block, x, events, ago, hidden):
    """The last row of `Block.forward`: x (B, N, W), events (B, N, 1), ago (N), hidden (B, N) -> (B, W), and the weights (B, H, N)."""
    newest = x[:, -1]                                                                       # (B, W)
    scores = scores_of_newest(block, newest, x) + block.bias(ago.unsqueeze(0))[:, 0] + hidden.unsqueeze(1)
    weights = scores.softmax(dim=2)
    mixed = (weights @ x).unsqueeze(2) @ of_heads(block, block.value.weight)  # (B, H, 1, W/H)
    mixed = mixed.reshape(newest.shape) + block.value.bias
    local = None
    if block.mix is not None:
        near = -block.mix.count
        local = block.mix(x[:, near:] * events[:, near:])[:, -1]
    return block.settle(newest, mixed, local), weights


def scores_of_newest(block, newest, x):
    """(B, H, N)."""
    query = block.query(newest)                                                             # (B, W)
    if not isinstance(block.scores, DotScores):
        return block.scores(block.split(query.unsqueeze(1)), block.split(block.key(x)))[:, :, 0]
    query = query.reshape(query.shape[0], block.heads, 1, -1) * block.scores.scale          # (B, H, 1, W/H)
    of_bias = query @ block.key.bias.reshape(block.heads, -1, 1)                            # (B, H, 1, 1)
    query = query @ of_heads(block, block.key.weight).transpose(1, 2)                       # (B, H, 1, W)
    return query[:, :, 0] @ x.transpose(1, 2) + of_bias[:, :, 0]


def of_heads(block, weight):  # (W, W) -> (H, W, W/H)
    return weight.reshape(block.width, block.heads, -1).transpose(0, 1)


def hide(seen):
    return (~seen).to(torch.float32) * HIDDEN
