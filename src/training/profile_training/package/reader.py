"""Reads a model package back."""

import json
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError

from profile_training.data.items import dimension_of
from profile_training.encoding.encoder import Encoder
from profile_training.errors import DataError
from profile_training.package.graph import model_of
from profile_training.package.neighbours_file import read_neighbours


def load_model(folder: Path):
    """The network of a package, weights and neighbours of items included."""
    try:
        model = model_of(onnx.load(str(Path(folder) / "model.onnx")))
    except (LookupError, TypeError, ValueError, ArithmeticError, RuntimeError, DecodeError) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise DataError(f"{folder}: model.onnx is not of a network that this build trains; train the package anew ({reason})") from error
    model.neighbours = read_neighbours(Path(folder), read_json(folder, "manifest.json"))
    return model


def load_encoder(folder: Path, contents: dict | None = None) -> Encoder:
    manifest = read_json(folder, "manifest.json")
    expected = manifest["inputs"].get("content", {}).get("dimension", 0)
    if contents and dimension_of(contents) != expected:
        raise DataError(f"{folder} takes content of {expected} numbers, and --items has {dimension_of(contents)}: they must be equal")
    has_vocabulary = (Path(folder) / "vocabulary.json").exists()
    vocabulary = read_json(folder, "vocabulary.json") if has_vocabulary else {}
    return Encoder(manifest["inputs"], vocabulary, manifest["maxEvents"], contents)


def read_json(folder: Path, name: str):
    return json.loads((Path(folder) / name).read_text("utf-8"))
