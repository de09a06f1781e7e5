"""The items that a batch competes with."""

import numpy as np
import torch


class Candidates:
    """A batch competes with its own targets and with `negatives` other items, drawn uniformly and shared by the batch.

    An item's score is lowered by the logarithm of its probability of being a candidate, so that the expected gradient is that
    of the full softmax (Bengio & Senécal 2008).
    """

    def __init__(self, counts: np.ndarray, negatives: int, rng: np.random.Generator):
        self.share, self.negatives, self.rng = counts / max(1, counts.sum()), negatives, rng  # (N) of the targets

    def draw(self, target: np.ndarray):
        """(items, offset, target) with the targets numbered within `items`; (None, None, target) for the whole catalogue."""
        count = len(self.share)
        if self.negatives * 2 >= count:
            return None, None, torch.from_numpy(target)
        drawn = np.union1d(self.rng.choice(count, self.negatives, replace=False), target)
        missed = (1 - self.negatives / count) * np.exp(len(target) * np.log1p(-self.share[drawn]))
        offset = np.log(1 - missed).astype(np.float32)
        return torch.from_numpy(drawn), torch.from_numpy(offset), torch.from_numpy(np.searchsorted(drawn, target))
