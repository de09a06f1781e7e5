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
    """

    user_ids: Sequence[str]
    values: Floats
    model: str

    @property
    def missing(self) -> list[str]:
        """Users without a profile, in the order asked."""
        return [self.user_ids[row] for row in numpy.flatnonzero(numpy.isnan(self.values[:, 0]))]


def floats_in(data: bytes) -> Floats:
    """The numbers of little-endian bytes, in memory of their own."""
    return numpy.frombuffer(data, "<f4").astype(numpy.float32)


def floats_of(answer: httpx.Response) -> Floats:
    """The numbers of an answer that is bytes."""
    return floats_in(answer.content)


def matrix_of(user_ids: Sequence[str], answer: httpx.Response) -> VectorMatrix:
    """The vectors of the users that were asked for."""
    values = floats_of(answer).reshape(len(user_ids), int(answer.headers["X-Profile-Dimension"]))
    return VectorMatrix(user_ids, values, answer.headers["X-Profile-Model"])
