"""Vectors as the service sends them: little-endian float32, a row a user."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import numpy
from numpy.typing import NDArray

Floats = NDArray[numpy.float32]


@dataclass(frozen=True)
class VectorMatrix:
    """Vectors of many users.

    user_ids: the user of each row, as asked. values: [users, dimension]; the row of a user without a profile is all NaN.
    model: name and version of the model that computed the vectors; those of two models cannot be compared.
    unavailable: how many profiles cannot be read or computed now: a store is away, or the window was altered. Their rows are all NaN, too,
    and which they are lookup_profiles tells.
    """

    user_ids: Sequence[str]
    values: Floats
    model: str
    unavailable: int = 0

    @property
    def missing(self) -> list[str]:
        """Users without a profile, in the order asked. Raises ValueError while some are unavailable: then it cannot be told."""
        if self.unavailable > 0:
            raise ValueError(f"which users have no profile cannot be told: {self.unavailable} profiles cannot be read or "
                             "computed now; ask lookup_profiles, which names them")
        return [self.user_ids[row] for row in numpy.flatnonzero(numpy.isnan(self.values[:, 0]))]


@dataclass(frozen=True)
class ScoreMatrix:
    """Scores of items for many users.

    values: [users, items], in the order asked. NaN: a user without a profile, an unknown or unavailable item, and a user whose profile
    cannot be read or computed now. model: name and version of the model that scored; scores of two models cannot be compared.
    unavailable: how many users cannot be read or scored now; which they are rank_items_of_users tells.
    """

    user_ids: Sequence[str]
    item_ids: Sequence[str]
    values: Floats
    model: str
    unavailable: int = 0


def floats_in(data: bytes) -> Floats:
    """The numbers of little-endian bytes, in memory of their own."""
    return numpy.frombuffer(data, "<f4").astype(numpy.float32)


def floats_of(answer: httpx.Response) -> Floats:
    """The numbers of an answer that is bytes."""
    return floats_in(answer.content)


def matrix_of(user_ids: Sequence[str], answer: httpx.Response) -> VectorMatrix:
    """The vectors of the users that were asked for."""
    values = floats_of(answer).reshape(len(user_ids), int(answer.headers["X-Profile-Dimension"]))
    return VectorMatrix(user_ids, values, answer.headers["X-Profile-Model"], _unavailable(answer))


def scores_of(user_ids: Sequence[str], item_ids: Sequence[str], answer: httpx.Response) -> ScoreMatrix:
    """The scores of the items that were asked for."""
    values = floats_of(answer).reshape(len(user_ids), len(item_ids))
    return ScoreMatrix(user_ids, item_ids, values, answer.headers["X-Profile-Model"], _unavailable(answer))


def _unavailable(answer: httpx.Response) -> int:
    return int(answer.headers.get("X-Profile-Unavailable", 0))
