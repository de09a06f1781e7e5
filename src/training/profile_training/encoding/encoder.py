"""Encodes events and attributes as a package's `inputs` say. Its twin in the service is WindowEncoder.cs."""

import bisect
import math
import re
from decimal import Decimal
from itertools import pairwise

import numpy as np

from profile_training.encoding.hashing import hash64

DAY_MICROS = 86_400_000_000
PAD, UNKNOWN, FIRST = 0, 1, 2  # indices of every input: padding, unknown, the first value
NUMBER = re.compile(r"[ \t-\r]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t-\r]*")


def size_of(encoding: dict) -> int:
    """Number of indices of an input, padding and unknown included: the rows of its table. 0 for an input that is not used."""
    if encoding["encoding"] == "none":
        return 0
    if encoding["encoding"] == "hash":
        return FIRST + encoding["buckets"]
    if encoding["encoding"] == "vocabulary":
        return FIRST + encoding["size"]
    if encoding["encoding"] == "list":
        return FIRST + len(encoding["values"])
    return FIRST + len(encoding["bounds"]) + 1  # buckets


def number_of(value) -> float:
    """A number, or a number written as text in the form that the service reads (tests/numbers.tsv); NaN for anything else."""
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        return math.nan
    try:
        return math.nan if isinstance(value, bool) else float(value)
    except (TypeError, OverflowError):
        return math.nan


def text_of(value) -> str:
    """The text that a value is hashed or looked up by: 34, 34.0 and 3.4e1 are all "34"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (int, float)):
        return str(value)
    number = float(value)  # the service reads every number so, and writes the fewest digits that give it back
    return str(int(Decimal(repr(number)))) if number.is_integer() and abs(number) < 1e17 else repr(number)


class Encoder:
    """Encodes with the `inputs` of a manifest and a vocabulary."""

    def __init__(self, inputs: dict, vocabulary: dict, max_events: int, contents: dict | None = None):
        """`contents` are the items' content vectors, {item: [C numbers]}, for a package whose inputs declare content."""
        self.inputs, self.vocabulary, self.max_events, self.contents = inputs, vocabulary, max_events, contents or {}
        self.no_content = [0.0] * inputs.get("content", {}).get("dimension", 0)  # (C) of an item without content
        self.cache: dict = {}  # hashing in Python is slow, and ids repeat

    def index(self, encoding: dict, known: dict, value, absent: int = UNKNOWN) -> int:
        """Index of one value; `known` is the vocabulary of this input, `absent` the index of a missing value."""
        kind = encoding["encoding"]
        if kind == "none":
            return PAD
        if value is None:
            return absent
        if kind == "buckets":
            number = number_of(value)
            return FIRST + bisect.bisect_right(encoding["bounds"], number) if math.isfinite(number) else UNKNOWN
        if kind == "vocabulary":
            return known.get(text_of(value), UNKNOWN)
        if kind == "list":
            return FIRST + encoding["values"].index(value) if value in encoding["values"] else UNKNOWN
        key = (encoding["buckets"], text_of(value))
        if key not in self.cache:
            self.cache[key] = FIRST + hash64(key[1]) % encoding["buckets"]
        return self.cache[key]

    def value(self, value) -> float:
        rule = self.inputs["values"]
        if value is None or rule["encoding"] == "none":
            return 0.0
        if rule["encoding"] == "signedLog":
            scaled = math.copysign(math.log1p(abs(value)) / rule["scale"], value)
        else:
            scaled = (value - rule["offset"]) / rule["scale"]
        return float(np.float32(min(10.0, max(-10.0, scaled))))

    def events(self, events) -> dict:
        """Inputs of a whole history, oldest first; a gap is the time since the event before, which the first event lacks."""
        inputs, words = self.inputs, self.vocabulary
        seconds = [max(0.0, (after.micros - before.micros) / 1e6) for before, after in pairwise(events)]
        gaps = [None, *seconds] if events else []
        return {
            "items": [self.index(inputs["items"], words.get("items", {}), e.item) for e in events],
            "kinds": [self.index(inputs["kinds"], {}, e.kind) for e in events],
            "categories": [self.index(inputs["categories"], words.get("categories", {}),
                                      e.categories[0] if e.categories else None) for e in events],
            "gaps": [self.index(inputs["gaps"], {}, gap) for gap in gaps],
            "values": [self.value(e.value) for e in events],
        }

    def times(self, micros) -> np.ndarray:
        """(E, 2) when events happened (E): the day, scaled, and the hour as a share of the day, in UTC."""
        micros, rule = np.asarray(micros, np.int64), self.inputs["time"]
        days = np.clip((micros / DAY_MICROS - rule["offset"]) / rule["scale"], -10.0, 10.0)
        return np.stack([days, micros % DAY_MICROS / DAY_MICROS], axis=1).astype(np.float32)

    def attributes(self, attributes: dict) -> list:
        words = self.vocabulary.get("attributes", {})
        return [self.index(a, words.get(a["name"], {}), attributes.get(a["name"]), absent=PAD)
                for a in self.inputs["attributes"]]

    def window(self, events, attributes: dict) -> dict:
        """Inputs of one window: the newest `max_events` events."""
        newest = events[-self.max_events:]
        inputs = {**self.events(newest), "attributes": self.attributes(attributes)}
        if self.no_content:
            inputs["content"] = [self.contents.get(e.item, self.no_content) for e in newest]        # (L, C)
        if "time" in self.inputs:
            inputs["time"] = self.times([newest[-1].micros])[0].tolist() if newest else [0.0, 0.0]  # (2) of the newest event
        return inputs
