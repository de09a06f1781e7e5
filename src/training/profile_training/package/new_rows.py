"""Where the rows of items begin that the package before does not know: among the known items that are near them.

Near is what neighbours count, that is what users met shortly before or after and common categories, and where there is neither the items
of the most alike content. Only the direction of an item's row matters, so that Adam turns a short row faster than a long one: new rows
have the length of untrained ones, and known rows grew in training.
"""

import numpy as np
import torch
from torch.nn import functional as F

from profile_training.counting.neighbours import neighbours_of
from profile_training.encoding.encoder import FIRST, Encoder
from profile_training.encoding.histories import EncodedHistories
from profile_training.model.layers import unit

ALIKE = 10    # known items of the most alike content
CHUNK = 1000  # items a step


def begin_new_rows(model, known: int, data: EncodedHistories, lengths: np.ndarray, encoder: Encoder) -> None:
    """`known`: items of the package before; `lengths` (U): how many of each user's events, the oldest first, are counted."""
    if known == data.item_count:
        return
    near = [near_known(known, data, lengths)] + ([alike(known, encoder)] if encoder.contents else [])
    for tower in model.towers:
        rows = tower.item.weight.data[FIRST:]
        table, begun = unit(rows[:known]), torch.zeros_like(rows[known:])
        for items, weights in near:
            found = F.embedding_bag(items.to(rows.device), table, per_sample_weights=weights.to(rows.device), mode="sum")
            begun = torch.where(begun.any(dim=1, keepdim=True), begun, found)
        length = rows[known:].norm(dim=1, keepdim=True)
        rows[known:] = torch.where(begun.any(dim=1, keepdim=True), unit(begun) * length, rows[known:])


def near_known(known: int, data: EncodedHistories, lengths: np.ndarray) -> tuple:
    """(items, weights) of each new item, (M, K): weights are 0 of items that are new, too."""
    found = neighbours_of(data, lengths, 1.0 if data.categories.size else 0.0)
    items, weights = found.items[known:], found.nearness[known:]
    return torch.where(items < known, items, 0), torch.where(items < known, weights, 0.0)


def alike(known: int, encoder: Encoder) -> tuple:
    """(items, weights) of each new item, (M, K): the cosines of the most alike contents; 0 for an item without content."""
    contents = unit(torch.tensor([encoder.contents.get(item, encoder.no_content) for item in encoder.vocabulary["items"]]))
    found = [(chunk @ contents[:known].T).topk(min(ALIKE, known), dim=1) for chunk in contents[known:].split(CHUNK)]
    return torch.cat([best.indices for best in found]), torch.cat([best.values for best in found]).clamp(min=0)
