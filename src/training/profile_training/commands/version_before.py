"""The version whose vectors the new ones are comparable with."""

import sys
from pathlib import Path

from profile_training.config.config import Config
from profile_training.errors import DataError
from profile_training.package.reader import load_encoder, load_model
from profile_training.package.versions import version_before

NONE = Path("none")


def to_align_with(given: Path | None, out: Path, config: Config) -> Path | None:
    """--align-with, or else the version before `out`, if its vectors can be compared with those of this configuration."""
    if config.objective != "next-item":
        if given not in (None, NONE):
            raise DataError("--align-with is for the model of one catalogue; a starter's items are hashed")
        return None
    package = version_before(out) if given is None else given
    if given == NONE or package is None:
        return None
    if (why := differing(config, package)) and given:
        raise DataError(f"--align-with {package}: {why}")
    if why:
        print(f"vectors are not aligned with those of {package}: {why}", file=sys.stderr)
    return None if why else package


def differing(config: Config, package: Path) -> str:
    """Why the package's vectors can have no common space with those of the configuration, or nothing."""
    try:
        if load_encoder(package).inputs["items"]["encoding"] != "vocabulary":
            return "its items are hashed"
        shape = load_model(package).shape
    except DataError as fault:
        return str(fault)
    parts = [(name, getattr(shape, of_shape), getattr(config, name)) for name, of_shape in (("dimension", "now"), ("lasting", "lasting"))]
    return "; ".join(f"it has {name} {theirs}, this model {ours}" for name, theirs, ours in parts if theirs != ours)
