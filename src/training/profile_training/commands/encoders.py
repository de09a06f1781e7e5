"""How a new package encodes its inputs: anew, or as the package that it goes on with does."""

from pathlib import Path

import numpy as np

from profile_training.config.config import Config
from profile_training.counting.categories import Categories, categories_of_log, named
from profile_training.data.histories import EventLog
from profile_training.data.items import dimension_of
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.schema import grown_schema, hashed_schema, vocabulary_schema
from profile_training.errors import DataError
from profile_training.package.reader import load_encoder
from profile_training.package.warm_start import kept_categories


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


def categories_of(log: EventLog, lengths: np.ndarray, before: Path | None, goes_on: bool) -> Categories:
    """What the segment `categories` counts; as the version before does, if it has the segment, so that a number keeps its meaning.

    `lengths` (U): how many of each user's events, the oldest first, are counted.
    """
    if before and (kept := kept_categories(before, log.histories)):
        return kept
    return named([]) if goes_on else categories_of_log(log.histories, lengths)
