"""The linear probe on a frozen vector: ridge regression, its penalty chosen inside each fold by leave-one-out.

The leave-one-out error of a ridge needs no second fit: it is (y - ŷ) / (1 - h) with h the diagonal of the hat matrix (Golub, Heath and
Wahba, 1979). A vector is centred and scaled as a whole: how its parts weigh against each other is the vector's own matter.
"""

import numpy as np

from profile_training.encoding.hashing import hash64
from profile_training.probes.questions import Question

FOLDINGS, FOLDS = 5, 5
PENALTIES = 10.0 ** np.arange(-1, 6.5, 0.5)


def measured(vectors: np.ndarray, question: Question, users: list) -> np.ndarray:
    """The measure of each fold of each folding: (FOLDINGS, FOLDS). Foldings are the same for all vectors; `users` are all people."""
    x, y, asked = vectors[question.rows], question.labels, [users[row] for row in question.rows]
    found = np.zeros((FOLDINGS, FOLDS))
    for folding in range(FOLDINGS):
        fold = folds_of(asked, folding)
        for held in range(FOLDS):
            inside, outside = fold != held, fold == held
            found[folding, held] = score(question.measure, y[outside], predicted(x[inside], y[inside], x[outside]))
    return found


def folds_of(users: list, folding: int) -> np.ndarray:
    """(n) the fold of each user: dealt out in the order of a hash, as `profiles model tasks` does."""
    fold = np.zeros(len(users), int)
    fold[sorted(range(len(users)), key=lambda row: hash64(f"{folding}\n{users[row]}"))] = np.arange(len(users)) % FOLDS
    return fold


def predicted(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    """(n, d), (n, K), (m, d) -> (m, K)."""
    mean = x.mean(0)
    scale = np.sqrt(((x - mean) ** 2).mean()) or 1.0  # of vectors that are all alike
    scaled = (x - mean) / scale
    u, s, v = np.linalg.svd(scaled, full_matrices=False)                          # (n, r), (r), (r, d)
    centre = y.mean(0)
    turned = u.T @ (y - centre)                                                   # (r, K)
    errors, weights = [], []
    for penalty in PENALTIES:
        shrink = s * s / (s * s + penalty)                                        # (r)
        left_out = (y - centre - u @ (shrink[:, None] * turned)) / (1 - (u * u) @ shrink - 1 / len(x))[:, None]
        errors.append((left_out ** 2).mean(0))
        weights.append(v.T @ ((s / (s * s + penalty))[:, None] * turned))         # (d, K)
    best = np.argmin(errors, axis=0)                                              # (K)
    chosen = np.stack([weights[penalty][:, column] for column, penalty in enumerate(best)], axis=1)
    return (at - mean) / scale @ chosen + centre


def score(measure: str, truth: np.ndarray, guess: np.ndarray) -> float:
    """NaN where the truth has but one answer, of which nothing can be explained."""
    if measure == "R²":
        if (truth == truth[0]).all():
            return np.nan
        return 1 - ((truth - guess) ** 2).sum() / ((truth - truth.mean(0)) ** 2).sum()
    both = [column for column in range(truth.shape[1]) if 0 < truth[:, column].sum() < len(truth)]
    return float(np.mean([auc(truth[:, column] > 0, guess[:, column]) for column in both])) if both else np.nan


def auc(positive: np.ndarray, guess: np.ndarray) -> float:
    """By ranks (Mann and Whitney, 1947); ties count half."""
    values, place, counts = np.unique(guess, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    hits = positive.sum()
    return (rank[positive].sum() - hits * (hits + 1) / 2) / (hits * (len(guess) - hits))
