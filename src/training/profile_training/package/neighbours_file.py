"""`neighbours.bin` of a package: [N + 2, K] int32 rows of items, then [N + 2, K] float32 weights, little-endian (docs/model-package.md)."""

from pathlib import Path

import numpy as np
import torch

from profile_training.counting.neighbours import DECAY, LAST, Neighbours
from profile_training.encoding.encoder import FIRST
from profile_training.errors import DataError

NAME = "neighbours.bin"


def write_neighbours(folder: Path, neighbours: Neighbours) -> None:
    """Rows are those of items.f32; the first two have no neighbours, and a weight of 0 is none."""
    items = torch.where(neighbours.nearness > 0, neighbours.items + FIRST, 0)
    cells = [np.pad(table.numpy(), ((FIRST, 0), (0, 0))).astype(kind) for table, kind in ((items, "<i4"), (neighbours.nearness, "<f4"))]
    (folder / NAME).write_bytes(b"".join(table.tobytes() for table in cells))


def described(neighbours: Neighbours) -> dict:
    """`neighbours` of the manifest: how many each item has, and their weight in an item's score."""
    return {"count": neighbours.items.shape[1], "last": LAST, "decay": DECAY, "categoryWeight": neighbours.category_weight,
            "weight": neighbours.weight}


def read_neighbours(folder: Path, manifest: dict) -> Neighbours | None:
    if "neighbours" not in manifest:
        return None
    try:
        told = manifest["neighbours"]
        cells = np.frombuffer((folder / NAME).read_bytes(), np.uint8).reshape(2, -1)
        items, nearness = (torch.from_numpy(table.view(kind).reshape(-1, told["count"])[FIRST:].copy())
                           for table, kind in zip(cells, ("<i4", "<f4")))
        return Neighbours((items.long() - FIRST).clamp(min=0), nearness, told["categoryWeight"], told["weight"])
    except (LookupError, TypeError, ValueError) as error:
        raise DataError(f"{folder / NAME} is not what neighbours of the manifest says; copy the package anew, or train it anew "
                        f"({type(error).__name__}: {error})") from error
