"""Versions of a package's name: the folders beside it."""

import re
from pathlib import Path


def version_before(out: Path) -> Path | None:
    """The package of the same name whose version is the greatest below that of `out`; numbers in versions count as numbers."""
    folders = out.resolve().parent.iterdir() if out.resolve().parent.is_dir() else ()
    before = [folder for folder in folders if (folder / "manifest.json").exists() and order(folder.name) < order(out.resolve().name)]
    return max(before, key=lambda folder: order(folder.name), default=None)


def order(version: str) -> list:
    """1.9 comes before 1.10."""
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.findall(r"\d+|\D+", version)]
