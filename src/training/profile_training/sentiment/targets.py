"""What the two logits of a text should be, praise and opinion, where it is known: NaN says that it is not."""

import numpy as np
import torch
from torch.nn import functional as F


def loss_of(logits, targets, weights):
    """Logits and targets (B, 2), weights (B) -> the mean cross entropy of a text."""
    known = ~targets.isnan()
    losses = F.binary_cross_entropy_with_logits(logits, torch.where(known, targets, torch.zeros_like(targets)), reduction="none")
    return (losses * known * weights.unsqueeze(1)).sum() / len(targets)


def accuracy(logits, targets, which: int = 0) -> float:
    """Share of texts whose logit has the sign of their target, of those whose target is 0 or 1."""
    plain = is_plain(targets[:, which])
    return float(((logits[plain, which] > 0) == (targets[plain, which] > 0.5)).mean())


def fair_accuracy(logits, targets, sets) -> float:
    """The mean accuracy of the sets, of which none outweighs others."""
    plain = is_plain(targets[:, 0])
    return float(np.mean([accuracy(logits[plain & (sets == n)], targets[plain & (sets == n)]) for n in np.unique(sets[plain])]))


def is_plain(targets) -> np.ndarray:
    return (targets == 0) | (targets == 1)
