"""Factors of the items: who meets the same items is near, and so are items that the same users meet.

They are the right singular vectors of the matrix of users and items, found by a randomised range finder (Halko, Martinsson and Tropp,
2011). A user's row has unit length, and an item counts by a power of its popularity, so that what everybody meets says little.
"""

import torch

POWER = -0.25  # of the popularity, by which an item counts
EXTRA = 10     # directions beyond those asked for, which make the search exact enough
PASSES = 4


def incidence(users: torch.Tensor, items: torch.Tensor, shape: tuple, power: float = POWER) -> torch.Tensor:
    """(U, N), sparse: who met what, however often; one entry of `users` and `items` an event."""
    pairs = torch.unique(torch.stack([users, items]), dim=1)
    met = torch.bincount(pairs[0], minlength=shape[0]).float()                     # (U)
    popularity = torch.bincount(pairs[1], minlength=shape[1]).float()             # (N)
    cells = met[pairs[0]] ** -0.5 * popularity[pairs[1]] ** power
    return torch.sparse_coo_tensor(pairs, cells, shape).coalesce()


def factors(matrix: torch.Tensor, count: int, extra: int = EXTRA, passes: int = PASSES) -> torch.Tensor:
    """(N, count) of a sparse matrix (U, N); columns beyond its rank are zero."""
    generator, turned = torch.Generator().manual_seed(0), matrix.t().coalesce()
    wide = min(count + extra, *matrix.shape)
    basis = torch.linalg.qr(torch.randn(matrix.shape[1], wide, generator=generator))[0]
    for _ in range(passes):
        basis = torch.linalg.qr(torch.sparse.mm(turned, torch.sparse.mm(matrix, basis)))[0]
    _, _, v = torch.linalg.svd(torch.sparse.mm(matrix, basis), full_matrices=False)
    found = torch.zeros(matrix.shape[1], count)
    found[:, :min(count, wide)] = basis @ v[:count].T
    return found


def with_new_items(known: torch.Tensor, matrix: torch.Tensor) -> torch.Tensor:
    """(N, K) the known factors, which stay, and those of the items that have none yet: zero in `known` (N, K).

    A new item is where the users are who met it, at the scale that fits the known items best (folding in, Berry et al. 1995).
    """
    users = torch.nn.functional.normalize(torch.sparse.mm(matrix, known), dim=1)   # (U, K)
    found = torch.sparse.mm(matrix.t().coalesce(), users)                         # (N, K)
    new = ~known.any(dim=1, keepdim=True)
    scale = (known * found).sum() / (found * ~new).square().sum().clamp(min=1e-12)
    return torch.where(new, scale * found, known)
