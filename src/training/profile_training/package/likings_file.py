"""`likings.f32` of a package: how much users like each item, float32, little-endian, in the rows of items.f32 (docs/model-package.md)."""

from pathlib import Path

import numpy as np

from profile_training.errors import DataError

NAME = "likings.f32"


def write_likings(folder: Path, likings: np.ndarray) -> None:
    (folder / NAME).write_bytes(likings.astype("<f4").tobytes())


def read_likings(folder: Path, manifest: dict) -> np.ndarray | None:
    """(2 + N); None of a package whose manifest lists no such file."""
    if NAME not in manifest["files"]:
        return None
    cells = (folder / NAME).read_bytes()
    if len(cells) % 4:
        raise DataError(f"{folder / NAME} is damaged: its {len(cells)} bytes are no float32 numbers; "
                        f"copy the package anew, or train it anew")
    return np.frombuffer(cells, "<f4")
