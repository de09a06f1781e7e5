"""Writes a model package. Name and version are the last two parts of its path."""

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from profile_training.data.files import sha256_of
from profile_training.encoding.encoder import Encoder
from profile_training.errors import DataError, unwritten
from profile_training.package.golden import golden_sample
from profile_training.package.graph import round_to_half, write_graph
from profile_training.package.likings_file import write_likings
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
            write_likings(draft, likings)
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
        raise unwritten(f"{folder}: the package", error, "name another folder by --out") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # nothing is there once it has taken its place


def take_place(draft: Path, folder: Path) -> None:
    """An older package is back in its place if the draft cannot take it."""
    if not folder.exists():
        draft.rename(folder)
        return
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    try:
        draft.rename(folder)
    finally:
        if not folder.exists():
            old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def write_manifest(draft: Path, content: dict):
    """The manifest is written last: it has the sha256 of every other file."""
    files = {path.name: sha256_of(path) for path in sorted(draft.iterdir())}
    write_json(draft / "manifest.json", {**content, "files": files}, indent=2)


def write_json(path: Path, content, indent=None):
    separators = None if indent else (",", ":")
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)
    path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def free_folder(path: Path) -> Path:
    """Where a package may be written: nothing is there, or an older package."""
    path = path.resolve()
    if path.exists() and not is_empty_or_package(path):
        raise DataError(f"--out {path} exists and is not a package: name a folder NAME/VERSION")
    above = next(folder for folder in (*path.parents, path) if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise DataError(f"--out {path} cannot be made in {above}, which is no folder or may not be written in: name another folder")
    return path


def is_empty_or_package(path: Path) -> bool:
    """A package has the files that its manifest lists, and no others."""
    there = list(path.iterdir()) if path.is_dir() else [path]
    files = files_listed(path / "manifest.json")
    return not there or ("model.onnx" in files and all(entry.is_file() and entry.name in {*files, "manifest.json"} for entry in there))


def files_listed(manifest: Path) -> dict:
    """`files` of a package's manifest; nothing of another file."""
    try:
        files = json.loads(manifest.read_text("utf-8"))["files"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}
    return files if isinstance(files, dict) else {}


def bytes_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())
