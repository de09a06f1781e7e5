"""Which categories a profile counts, and what an event of each adds to the segment `categories`.

With few categories each has a number of its own. Many have factors in common: the principal components of the users' shares of the
categories (Jolliffe 2002), which are the first right singular vectors of the centred matrix of shares (Eckart & Young 1936).
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch

MOST = 32         # categories that have a number each, and factors of more than that
FACTORED = 1_000  # categories that factors are made of
POWER = -0.5      # of the deviation of a category's share, by which the category counts
FLAT = 1e-9       # variance of a share beside its mean, from which on the share varies at all
RIDGE = 1e-6      # beside numbers of items, where the rows of categories are found from those of items


@dataclass(frozen=True)
class Categories:
    names: list            # in the order of the rows
    rows: torch.Tensor     # (C, K) what an event of each category adds to the segment
    factors: bool = False  # if not, each category has a number of its own, and K is C

    @property
    def length(self) -> int:
        return self.rows.shape[1]


def named(names: list) -> Categories:
    """Each category has a number of its own."""
    return Categories(names, torch.eye(len(names)))


def categories_of_log(histories: dict, lengths: np.ndarray) -> Categories:
    """`lengths` (U): how many of each user's events, the oldest first, the factors are made of."""
    names = counted_categories(histories, FACTORED)
    if len(names) <= MOST:
        return named(names)
    return Categories(names, factor_rows(shares_of(histories, lengths, names), MOST), factors=True)


def counted_categories(histories: dict, most: int) -> list:
    """The categories of the most events, at most `most`, in the order of their names."""
    counts = Counter(category for events in histories.values() for event in events for category in event.categories)
    return sorted(category for category, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most])


def shares_of(histories: dict, lengths: np.ndarray, names: list) -> torch.Tensor:
    """(U, C), sparse: each category's share of what the user's events name; without the users whose events name none."""
    column, cells = {name: n for n, name in enumerate(names)}, []
    for events, length in zip(histories.values(), lengths):
        counts = Counter(column[category] for event in events[:length] for category in event.categories if category in column)
        if counts:
            cells.append((list(counts), np.array([*counts.values()]) / counts.total()))
    users = np.repeat(np.arange(len(cells)), [len(columns) for columns, _ in cells])
    columns = np.concatenate([np.zeros(0, np.int64), *(columns for columns, _ in cells)]).astype(np.int64)
    shares = np.concatenate([np.zeros(0), *(found for _, found in cells)])
    return torch.sparse_coo_tensor(np.stack([users, columns]), shares, (len(cells), len(names)), dtype=torch.float64).coalesce()


def factor_rows(shares: torch.Tensor, count: int) -> torch.Tensor:
    """(C, count) of sparse shares (U, C): the row of a category. A window's rows sum up to a multiple of ((s - m) w) P.

    s are the window's shares, m their means over the users and w the power of their deviations; P are the first right singular vectors
    of the centred and weighted matrix, found by the covariances. Columns beyond its rank are zero.
    """
    users = max(1, shares.shape[0])
    mean = torch.sparse.sum(shares, dim=0).to_dense() / users                                        # (C)
    covariance = torch.sparse.mm(shares.t().coalesce(), shares).to_dense() / users - torch.outer(mean, mean)
    variance = covariance.diagonal()
    varies = variance > FLAT * mean
    weight = torch.where(varies, variance.clamp(min=1e-300) ** (POWER / 2), 0.0)
    sizes, vectors = torch.linalg.eigh(covariance * torch.outer(weight, weight))                     # ascending
    sizes, vectors = sizes.flip(0)[:count], vectors.flip(1)[:, :count]
    vectors = vectors * (sizes > FLAT * sizes[0].clamp(min=1e-300))
    largest = vectors.gather(0, vectors.abs().argmax(0, keepdim=True))                               # (1, count)
    vectors = vectors * torch.where(largest < 0, -1.0, 1.0)
    rows = weight.unsqueeze(1) * vectors - (mean * weight) @ vectors
    return torch.nn.functional.pad(rows, (0, count - rows.shape[1])).float()


def item_incidence(histories: dict, items: dict, names: list) -> torch.Tensor:
    """(rows of the table of items, C), sparse: 1 for each of the categories that an item's events name; `items` are {item: row}."""
    column = {name: n for n, name in enumerate(names)}
    pairs = {(items[event.item], column[category]) for events in histories.values() for event in events if event.item in items
             for category in event.categories if category in column}
    cells = torch.tensor(sorted(pairs), dtype=torch.int64).reshape(-1, 2).T
    return torch.sparse_coo_tensor(cells, torch.ones(cells.shape[1]), (max(items.values(), default=0) + 1, len(names))).coalesce()


def rows_from_items(known: torch.Tensor, given: torch.Tensor, of_items: torch.Tensor, incidence: torch.Tensor) -> torch.Tensor:
    """(C, K) the rows of the categories, of which each item's row is the sum.

    `known` (C, K) are the rows of the categories for which `given` (C) is true. The other rows are those that fit the items' rows
    `of_items` (N, K) best by the items' categories `incidence` (N, C), sparse; 0 for a category that no item has.
    """
    incidence, rows = incidence.double(), known.double() * given.unsqueeze(1)
    left, turned, others = of_items.double() - torch.sparse.mm(incidence, rows), incidence.t().coalesce(), torch.nonzero(~given)[:, 0]
    if not len(others):
        return known
    normal = torch.sparse.mm(turned, incidence).to_dense()[others][:, others]
    normal += RIDGE * torch.eye(len(others), dtype=torch.float64)
    rows[others] = torch.linalg.solve(normal, torch.sparse.mm(turned, left)[others])
    return rows.float()
