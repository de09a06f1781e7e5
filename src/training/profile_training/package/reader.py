"""Reads a model package back. A file that is missing, damaged or of another kind of package is a DataError that names it."""

import json
import sys
from functools import lru_cache
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError

from profile_training.data.files import sha256_of
from profile_training.data.items import dimension_of
from profile_training.encoding.encoder import Encoder
from profile_training.errors import DataError
from profile_training.package.graph import model_of
from profile_training.package.likings_file import read_likings
from profile_training.package.neighbours_file import read_neighbours

MANIFEST, VOCABULARY, MODEL = "manifest.json", "vocabulary.json", "model.onnx"
PROFILES = "profiles"  # the kind of a package whose manifest names none
ENCODED = ("items", "kinds", "categories", "gaps", "values")
NEEDED = {PROFILES: {"name": str, "version": str, "inputs": dict, "maxEvents": int, "dimension": int},
          "sentiment": {"tokenizer": dict, "maxTokens": int}}
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RuntimeError, DecodeError)
ANEW = "copy the package anew, or train it anew"


def load_model(folder: Path):
    """The network of a package, with its weights, and the neighbours and likings of its items."""
    manifest = checked_manifest(folder)
    try:
        model = model_of(onnx.load(str(Path(folder) / MODEL)))
    except UNREADABLE as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise DataError(f"{folder}: model.onnx is not of a network that this build trains; train the package anew ({reason})") from error
    model.neighbours, model.likings = read_neighbours(Path(folder), manifest), read_likings(Path(folder), manifest)
    return model


def load_encoder(folder: Path, contents: dict | None = None) -> Encoder:
    manifest = checked_manifest(folder)
    try:
        expected = manifest["inputs"].get("content", {}).get("dimension", 0)
        vocabulary = read_json(folder, VOCABULARY) if VOCABULARY in manifest["files"] else {}
        encoder = Encoder(manifest["inputs"], vocabulary, manifest["maxEvents"], contents)
    except UNREADABLE as error:
        raise DataError(f"{folder}: {MANIFEST} and {VOCABULARY} do not say how events are encoded; {ANEW} "
                        f"({type(error).__name__}: {error})") from error
    if contents:
        refuse_other_length(folder, contents, expected)
    return encoder


def encoder_with(folder: Path, contents: dict) -> Encoder:
    """The encoder of a package whose vectors are to be measured, with the items' `contents`. A package that takes none has none."""
    encoder = load_encoder(folder)
    taken = len(encoder.no_content)
    if taken and not contents:
        raise DataError(f"{folder} takes content of {taken} numbers: give --items, a file that has it")
    if taken:
        refuse_other_length(folder, contents, taken)
        encoder.contents = contents
    elif contents:
        print(f"{folder} takes no content: that of --items is ignored", file=sys.stderr)
    return encoder


def refuse_other_length(folder: Path, contents: dict, taken: int) -> None:
    if dimension_of(contents) != taken:
        raise DataError(f"{folder} takes content of {taken} numbers, and --items has {dimension_of(contents)}: they must be equal")


def checked_manifest(folder: Path, kind: str = PROFILES) -> dict:
    """The manifest of a package of this kind, all of whose files are what it says."""
    manifest = read_manifest(folder, kind)
    for name, digest in manifest["files"].items():
        path = Path(folder) / name
        if not path.is_file():
            raise DataError(f"{folder} lacks {name}, which its manifest lists; {ANEW}")
        status = path.stat()
        if digest_of(path, status.st_size, status.st_mtime_ns) != digest:
            raise DataError(f"{path} is damaged or altered, for its sha256 is not the manifest's; {ANEW}")
    return manifest


@lru_cache(maxsize=64)
def digest_of(path: Path, size: int, modified: int) -> str:
    """sha256 of a file, computed once for each state of it."""
    return sha256_of(path)


def read_manifest(folder: Path, kind: str = PROFILES) -> dict:
    """The manifest of a package of this kind, with the fields that reading needs."""
    if not (Path(folder) / MANIFEST).is_file():
        raise DataError(f"{folder} is not the folder of a package: it has no {MANIFEST}")
    manifest = read_json(folder, MANIFEST)
    if (found := manifest.get("kind", PROFILES)) != kind:
        raise DataError(f"{folder} is a {found} package; name a {kind} package")
    if missing := missing_in(manifest, kind):
        raise DataError(f"{Path(folder) / MANIFEST} lacks {', '.join(missing)}, or has something else there; {ANEW}")
    return manifest


def missing_in(manifest: dict, kind: str) -> list:
    """Names of the fields that a manifest lacks, or that are of another type."""
    missing = [name for name, type_of in {**NEEDED[kind], "files": dict}.items() if not isinstance(manifest.get(name), type_of)]
    missing += [] if isinstance(manifest.get("training"), (dict, type(None))) else ["training"]
    if not missing and MODEL not in manifest["files"]:
        missing.append(f"files.{MODEL}")
    if kind == PROFILES and not missing:
        inputs = manifest["inputs"]
        missing = [f"inputs.{name}" for name in ENCODED if not isinstance(inputs.get(name), dict) or "encoding" not in inputs[name]]
        missing += [] if isinstance(inputs.get("attributes"), list) else ["inputs.attributes"]
    return missing


def training_of(folder: Path) -> dict:
    """What the manifest says of the training; nothing of a package that does not say it."""
    return checked_manifest(folder).get("training") or {}


def read_json(folder: Path, name: str) -> dict:
    path = Path(folder) / name
    try:
        found = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is damaged: not JSON: {error}; {ANEW}") from None
    if not isinstance(found, dict):
        raise DataError(f"{path} is damaged: not a JSON object; {ANEW}")
    return found
