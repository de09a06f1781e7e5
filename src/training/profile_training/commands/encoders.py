"""How a new package encodes its inputs: anew, or as the package that it goes on with does."""

from pathlib import Path

from profile_training.config.config import Config
from profile_training.counting.categories import counted_categories
from profile_training.data.histories import EventLog
from profile_training.data.items import dimension_of
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.schema import grown_schema, hashed_schema, vocabulary_schema
from profile_training.errors import DataError
from profile_training.package.reader import load_encoder, read_json


def encoder_of(config: Config, log: EventLog, package: Path | None, contents: dict) -> Encoder:
    if package:
        return grown_encoder(log, package, contents)
    if config.objective == "nearest-users":
        if contents:
            raise DataError("--items is for the model of one catalogue; a starter takes no content")
        return Encoder(*hashed_schema(config), config.max_events)
    inputs, vocabulary = vocabulary_schema(config, log.histories, log.attributes)
    content = {"content": {"dimension": dimension_of(contents)}} if contents else {}
    return Encoder({**inputs, **content}, vocabulary, config.max_events, contents)


def grown_encoder(log: EventLog, package: Path, contents: dict) -> Encoder:
    before, given = load_encoder(package), dimension_of(contents)
    taken = before.inputs.get("content", {}).get("dimension", 0)
    if taken != given:
        raise DataError(f"--from {package} takes content of {taken} numbers, and --items has {given}: they must be equal")
    inputs, vocabulary = grown_schema(before.inputs, before.vocabulary, log.histories, log.attributes)
    return Encoder(inputs, vocabulary, before.max_events, contents)


def categories_of(log: EventLog, before: Path | None, goes_on: bool) -> list:
    """The categories that a profile has shares of; those of the version before, if it has any, so that a number keeps its meaning."""
    parts = read_json(before, "manifest.json").get("segments", []) if before else []
    kept = next((part["names"] for part in parts if part["name"] == "categories"), [])
    return kept if kept or goes_on else counted_categories(log.histories)
