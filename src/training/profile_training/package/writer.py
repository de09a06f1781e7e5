"""Writes a model package. Name and version are the last two parts of its path."""

import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from profile_training.encoding.encoder import Encoder
from profile_training.errors import DataError
from profile_training.package.golden import golden_sample
from profile_training.package.graph import round_to_half, write_graph
from profile_training.package.neighbours_file import described, write_neighbours


def write_package(folder: Path, model, encoder: Encoder, windows: list, metrics: dict, more: dict | None = None, half: bool = False):
    """`windows` become the golden samples, `more` is added to the manifest.

    With `half` the weights are rounded to float16 first, in `model` too, so that golden samples and item vectors are of what is
    written.
    """
    if half:
        round_to_half(model)
    with draft_of(folder) as draft:
        write_graph(draft / "model.onnx", model, half)
        if encoder.vocabulary:
            write_json(draft / "vocabulary.json", encoder.vocabulary)
            (draft / "items.f32").write_bytes(model.item_vectors().detach().numpy().astype("<f4").tobytes())
        if neighbours := getattr(model, "neighbours", None):
            write_neighbours(draft, neighbours)
            more = {**(more or {}), "neighbours": described(neighbours)}
        if (likings := getattr(model, "likings", None)) is not None:
            (draft / "likings.f32").write_bytes(likings.astype("<f4").tobytes())
        write_json(draft / "golden.json", {"samples": [golden_sample(model, encoder, *window) for window in windows]})
        write_manifest(draft, {
            "name": folder.parent.name, "version": folder.name, "dimension": model.shape.dimension,
            "maxEvents": model.shape.max_events, "inputs": encoder.inputs, "metrics": metrics, **(more or {})})


@contextmanager
def draft_of(folder: Path):
    """A folder that takes the place of `folder`, which is free, once it is written whole."""
    free_folder(folder)
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(parents=True)
        yield draft
        take_place(draft, folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise DataError(f"{folder}: the package cannot be written: {error.strerror or error}; "
                        f"make room there, or name another folder by --out") from error


def take_place(draft: Path, folder: Path) -> None:
    if not folder.exists():
        draft.rename(folder)
        return
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old)


def write_manifest(draft: Path, content: dict):
    """The manifest is written last: it has the sha256 of every other file."""
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(draft.iterdir())}
    write_json(draft / "manifest.json", {**content, "files": files}, indent=2)


def write_json(path: Path, content, indent=None):
    separators = None if indent else (",", ":")
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)
    path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def free_folder(path: Path) -> Path:
    """Where a package may be written: nothing is there, or an older package."""
    path = path.resolve()
    there = list(path.iterdir()) if path.is_dir() else [path] if path.exists() else []
    if there and (not (path / "manifest.json").exists() or any(entry.is_dir() for entry in there)):
        raise DataError(f"--out {path} exists and is not a package: name a folder NAME/VERSION")
    above = next(folder for folder in (*path.parents, path) if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise DataError(f"--out {path} cannot be made in {above}, which is no folder or may not be written in: name another folder")
    return path


def bytes_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())
