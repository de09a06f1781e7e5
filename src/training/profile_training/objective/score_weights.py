"""The weights of an item's score besides 1 for the product of now: of the segment `lasting`, of the neighbours, and of their categories.

Each is chosen by NDCG@10 on validation. The usual weight stays unless another is better by a standard error, so that few users do not
decide by chance.
"""

import math

import numpy as np
import torch

from profile_training.counting.likings import likings_of
from profile_training.counting.neighbours import CATEGORY_WEIGHTS, neighbours_of
from profile_training.encoding.histories import EncodedHistories
from profile_training.evaluation.leave_one_out import held_out
from profile_training.evaluation.ranking import gains, ranks, scores, vectors
from profile_training.model.profile_model import ProfileModel
from profile_training.model.segments import LASTING_SCORE_WEIGHT

WEIGHTS = (0.0, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8)  # tried for `lasting` and for the neighbours
NEIGHBOURS = 0.1                                 # the usual weight of the neighbours
MOST = 5_000                                     # users that they are chosen on


def cost(validated: int) -> float:
    """Of choosing, in validations of so many users."""
    return (1 + len(CATEGORY_WEIGHTS)) * len(WEIGHTS) * min(1.0, MOST / max(1, validated))


def settle(model: ProfileModel, data: EncodedHistories, lengths: np.ndarray, users: np.ndarray) -> None:
    """Sets the score weights of a trained model, and counts neighbours and likings.

    `lengths` (U): how many of each user's events, the oldest first, are counted; `users`: whose validation events are asked.
    """
    rows, ends = held_out(data, "valid", users[::max(1, -(-len(users) // MOST))])
    profiles = vectors(model, data, rows, ends)

    def figures() -> torch.Tensor:
        return gains(ranks(scores(model, data, rows, ends, profiles), data, rows, ends))

    if model.lasting is not None:
        choose(WEIGHTS, model.lasting.score_weight.data.fill_, figures, usual=WEIGHTS.index(LASTING_SCORE_WEIGHT))
    model.likings = likings_of(data, lengths)
    category_weights = CATEGORY_WEIGHTS if data.categories.size else CATEGORY_WEIGHTS[-1:]
    counted = [neighbours_of(data, lengths, category_weight) for category_weight in category_weights]
    choose([neighbours.with_weight(weight) for neighbours in counted for weight in WEIGHTS],
           lambda neighbours: setattr(model, "neighbours", neighbours), figures, usual=WEIGHTS.index(NEIGHBOURS))


def choose(values: list, setter, figures, usual: int) -> None:
    """Sets the value of the greatest mean of `figures` (U), if it is above the usual one's by a standard error of the difference."""
    found = []
    for value in values:
        setter(value)
        found.append(figures())
    best = int(np.argmax([of_value.mean().item() for of_value in found]))
    above = found[best] - found[usual]
    setter(values[best if above.mean() > above.std() / math.sqrt(len(above)) else usual])
