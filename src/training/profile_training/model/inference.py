"""A tower's profile as of the newest event: what the package's graph computes.

The result is the last row of `Tower.profile` (profile_model.py), at a lower cost:

- In the last layer only the newest token asks. One query needs neither the key nor the value of each token, since
  q · (K x) = (K' q) · x and sum(w V x) = V sum(w x): the matrices multiply one token a head, and the cost is linear in the window.
- What depends on weights alone, such as unit item vectors, is computed from the tables instead of from the tokens: ONNX Runtime
  does so once, when it loads the graph.
- Masks are added to the scores by broadcasting instead of selecting for every pair.
"""

import torch
from torch.nn import functional as F

from profile_training.encoding.encoder import FIRST, UNKNOWN
from profile_training.model.layers import lookup, unit
from profile_training.model.transformer import MASKED, DotScores

UNLIKELY = -1e4    # score of an unknown item: weight 0 beside a known item, but not masked, so that unknown items alone sum to 1


def profile_of_newest(tower, items, kinds, categories, gaps, values, attributes, content=None):
    """The profile (B, W) of unit length, each event's weight (B, L), and its weight in each head of the last layer (B, H, L)."""
    given = attributes.shape[1] if tower.shape.attributes else 0                            # A
    item = lookup(tower.item.weight, items, FIRST, unit)                                    # (B, L, W)
    x = tower.tokens(item, kinds, categories, gaps, values, attributes, content)            # (B, N, W) with N = A + L
    real = torch.cat([attributes[:, :given] > UNKNOWN, items > 0], dim=1)                   # (B, N)
    events = F.pad((items > 0).to(x.dtype), (given, 0)).unsqueeze(2)                        # (B, N, 1)
    place, far = torch.arange(x.shape[1], device=items.device), tower.shape.max_events - 1
    event, back = place >= given, place[-1:].unsqueeze(1) - place                           # (N), (1, N) distance in tokens
    if len(tower.blocks) > 1:
        back = place.unsqueeze(1) - place                                                   # (N, N)
    ago = torch.where(event, back.clamp(0, far), torch.full_like(back, far))                # attributes have no distance
    later = masked_unless((back >= 0) | ~event)                                             # all tokens see attributes
    hidden = masked_unless(real)                                                            # (B, N)
    for layer in tower.blocks[:-1]:
        x = every_token(layer, x, events, ago, later, hidden)
    weight = tower.weight(x[:, given:])[:, :, 0]                                            # (B, L)
    x, heads = newest_token(tower.blocks[-1], x, events, ago[-1], hidden)                   # (B, W), (B, H, N)
    weight = torch.where(items > UNKNOWN, weight, torch.full_like(weight, UNLIKELY))        # unknown items have no vector
    weights = (weight + hidden[:, given:]).softmax(dim=1)                                   # (B, L)
    return unit(x + (weights.unsqueeze(1) @ item)[:, 0]), weights, heads[:, :, given:]


def every_token(layer, x, events, ago, later, hidden):
    """As `TransformerLayer.forward`: x (B, N, W), events (B, N, 1), ago and later (N, N), hidden (B, N) -> (B, N, W)."""
    scores = layer.scores(layer.split(layer.query(x)), layer.split(layer.key(x)))           # (B, H, N, N)
    weights = (scores + (layer.bias(ago) + later) + hidden.unsqueeze(1).unsqueeze(1)).softmax(dim=3)
    mixed = (weights @ layer.split(layer.value(x))).transpose(1, 2).reshape(x.shape)
    return layer.update(x, mixed, layer.mix(x * events) if layer.mix is not None else None)


def newest_token(layer, x, events, ago, hidden):
    """The last row of `TransformerLayer.forward`, and its weights.

    x (B, N, W), events (B, N, 1), ago (N), hidden (B, N) -> (B, W), (B, H, N)
    """
    newest = x[:, -1]                                                                       # (B, W)
    scores = scores_of_newest(layer, newest, x) + layer.bias(ago.unsqueeze(0))[:, 0] + hidden.unsqueeze(1)
    weights = scores.softmax(dim=2)
    mixed = (weights @ x).unsqueeze(2) @ of_heads(layer, layer.value.weight)  # (B, H, 1, W/H)
    mixed = mixed.reshape(newest.shape) + layer.value.bias
    local = None
    if layer.mix is not None:
        near = -layer.mix.count
        local = layer.mix(x[:, near:] * events[:, near:])[:, -1]
    return layer.update(newest, mixed, local), weights


def scores_of_newest(layer, newest, x):
    """newest (B, W), x (B, N, W) -> (B, H, N)."""
    query = layer.query(newest)                                                             # (B, W)
    if not isinstance(layer.scores, DotScores):
        return layer.scores(layer.split(query.unsqueeze(1)), layer.split(layer.key(x)))[:, :, 0]
    query = query.reshape(query.shape[0], layer.heads, 1, -1) * layer.scores.scale          # (B, H, 1, W/H)
    of_bias = query @ layer.key.bias.reshape(layer.heads, -1, 1)                            # (B, H, 1, 1)
    query = query @ of_heads(layer, layer.key.weight).transpose(1, 2)                       # (B, H, 1, W)
    return query[:, :, 0] @ x.transpose(1, 2) + of_bias[:, :, 0]


def of_heads(layer, weight):  # (W, W) -> (H, W, W/H)
    return weight.reshape(layer.width, layer.heads, -1).transpose(0, 1)


def masked_unless(seen):
    """0 where `seen` is true, MASKED elsewhere: to be added to scores."""
    return (~seen).to(torch.float32) * MASKED
