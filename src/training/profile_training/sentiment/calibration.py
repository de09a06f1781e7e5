"""Whether probabilities are what happens, and from which one on a text is taken to state an opinion."""

import numpy as np

BINS = 15
CANDIDATES = np.linspace(0.05, 0.95, 19)


def calibration_error(probabilities, truths) -> float:
    """Expected calibration error: bins of equal width, weighted by how many fall into them."""
    place = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    sizes, sums = np.bincount(place, minlength=BINS), np.bincount(place, probabilities - truths, minlength=BINS)
    return float(np.abs(sums).sum() / sizes.sum())


def least_opinion(probabilities, truths, sets) -> float:
    """The threshold by which most texts are judged right, on average over the sets, so that a large set does not outweigh others."""
    def right(threshold):
        return np.mean([((probabilities >= threshold) == truths)[sets == n].mean() for n in np.unique(sets)])

    return round(float(max(CANDIDATES, key=right)), 2)


def probability(logits) -> np.ndarray:
    return 1 / (1 + np.exp(-logits.astype(np.float64)))
