"""Whether probabilities are what happens."""

import numpy as np

BINS = 15


def calibration_error(probabilities, truths) -> float:
    """Expected calibration error: bins of equal width, weighted by how many fall into them."""
    place = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    sizes, sums = np.bincount(place, minlength=BINS), np.bincount(place, probabilities - truths, minlength=BINS)
    return float(np.abs(sums).sum() / sizes.sum())


def probability(logits) -> np.ndarray:
    return 1 / (1 + np.exp(-logits.astype(np.float64)))
