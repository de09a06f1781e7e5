"""Turns raw events and attributes into the integers and floats of a model package (docs/model-package.md)."""

import bisect
import math

import numpy as np

PAD, UNKNOWN, FIRST = 0, 1, 2  # the two lowest indices of every input are free
MASK = (1 << 64) - 1


def hash64(text: str) -> int:
    """FNV-1a over the UTF-8 bytes, then the finalizer of MurmurHash3, so that the low bits are good."""
    h = 0xCBF29CE484222325
    for byte in text.encode("utf-8"):
        h = ((h ^ byte) * 0x100000001B3) & MASK
    h ^= h >> 33
    h = (h * 0xFF51AFD7ED558CCD) & MASK
    h ^= h >> 33
    h = (h * 0xC4CEB9FE1A85EC53) & MASK
    return h ^ (h >> 33)


def size_of(encoding: dict) -> int:
    """How many indices an input can take, the two free ones included: the rows that its table needs; 0 where it is not used."""
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
    """A number or the text of one; NaN for all else."""
    try:
        return math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return math.nan


def text_of(value) -> str:
    """A value as the one text that it is hashed or looked up by: 34, 34.0 and 3.4e1 are "34"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) <= 2 ** 53:
        return str(int(value))
    return str(value)


class Encoder:
    """Encodes windows as `inputs` and `vocabulary` of a package say."""

    def __init__(self, inputs: dict, vocabulary: dict, max_events: int, contents: dict | None = None):
        """`contents` are the content vectors of items, {item: [C numbers]}, for a package whose inputs declare content."""
        self.inputs, self.vocabulary, self.max_events, self.contents = inputs, vocabulary, max_events, contents or {}
        self.nothing = [0.0] * inputs.get("content", {}).get("dimension", 0)  # of an item without content
        self.cache: dict = {}  # hashing in Python is slow, and ids repeat

    def index(self, encoding: dict, known: dict, value, absent: int = UNKNOWN) -> int:
        """Index of one value; `known` is the vocabulary of this input, `absent` stands for a missing value."""
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
        key = (encoding["buckets"], value)
        if key not in self.cache:
            self.cache[key] = FIRST + hash64(text_of(value)) % encoding["buckets"]
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
        """Inputs of a whole history, oldest first; `gaps` counts from the event before."""
        inputs, words = self.inputs, self.vocabulary
        seconds = [(b.micros - a.micros) / 1e6 for a, b in zip(events, events[1:])]
        return {
            "items": [self.index(inputs["items"], words.get("items", {}), e.item) for e in events],
            "kinds": [self.index(inputs["kinds"], {}, e.kind) for e in events],
            "categories": [self.index(inputs["categories"], words.get("categories", {}),
                                      e.categories[0] if e.categories else None) for e in events],
            "gaps": [self.index(inputs["gaps"], {}, None)] * bool(events) + [self.index(inputs["gaps"], {}, max(0.0, s)) for s in seconds],
            "values": [self.value(e.value) for e in events],
        }

    def attributes(self, attributes: dict) -> list:
        words = self.vocabulary.get("attributes", {})
        return [self.index(a, words.get(a["name"], {}), attributes.get(a["name"]), absent=PAD)
                for a in self.inputs["attributes"]]

    def window(self, events, attributes: dict) -> dict:
        """Inputs of one window: the newest events, as many as the graph takes."""
        newest = events[-self.max_events:]
        content = {"content": [self.contents.get(e.item, self.nothing) for e in newest]} if self.nothing else {}  # (L, C)
        return {**self.events(newest), "attributes": self.attributes(attributes), **content}
