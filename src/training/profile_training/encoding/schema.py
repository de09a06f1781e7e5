"""Decides how a package encodes its inputs: `inputs` of manifest.json, and vocabulary.json."""

import statistics
import sys
from itertools import pairwise

from profile_training.config.config import Config
from profile_training.data.event import KINDS
from profile_training.data.fields import shown
from profile_training.encoding.encoder import DAY_MICROS, FIRST, text_of

NONE = {"encoding": "none"}
YEAR_2026 = 20_454.0  # its first day, in days since 1970
YEAR = 365.25         # days
STARTER_ATTRIBUTES = [
    {"name": "age", "encoding": "buckets", "bounds": [18, 25, 35, 45, 55, 65]},
    {"name": "gender", "encoding": "hash", "buckets": 64},
    {"name": "region", "encoding": "hash", "buckets": 256},
    {"name": "device", "encoding": "hash", "buckets": 64},
]


def hashed_schema(config: Config):
    """One schema for every catalogue: ids are hashed, and there is no vocabulary."""
    return {
        "items": {"encoding": "hash", "buckets": 1 << 24},
        "kinds": {"encoding": "list", "values": KINDS},
        "categories": {"encoding": "hash", "buckets": 1 << 24},
        "gaps": {"encoding": "buckets", "bounds": list(config.gaps)},
        "values": {"encoding": "signedLog", "scale": 3.0},
        "attributes": STARTER_ATTRIBUTES,
        "time": {"encoding": "dayAndHour", "offset": YEAR_2026, "scale": YEAR},  # years from the beginning of 2026, and the hour
    }, {}


def vocabulary_schema(config: Config, histories: dict, attributes: dict):
    """Every item, category and attribute value of the data gets an index.

    An input is "none" if the configuration leaves it out, or if the data has too little of it: one kind, no category, one gap, one value.
    Attributes are always encoded.
    """
    attributes = attributes if "attributes" in config.inputs else {}
    vocabulary = grown({}, histories, attributes)
    kinds, steps, values = set(), set(), []
    for history in histories.values():
        kinds.update(event.kind for event in history)
        values += [event.value for event in history if event.value is not None]
        if len(steps) < 2:
            steps.update(after.micros - before.micros for before, after in pairwise(history))
    varying = {
        "kinds": len(kinds) > 1 and {"encoding": "list", "values": KINDS},
        "categories": vocabulary["categories"] and {"encoding": "vocabulary", "size": len(vocabulary["categories"])},
        "gaps": len(steps) > 1 and {"encoding": "buckets", "bounds": list(config.gaps)},
        "values": len(set(values)) > 1 and {"encoding": "linear", **scaled(values)},
    }
    used = {name: encoding if encoding and name in config.inputs else NONE for name, encoding in varying.items()}
    if used["categories"] is NONE:
        vocabulary["categories"] = {}
    show_mixed(attributes)
    encodings = [bucketed(name, numbers) if numbers else worded(name, vocabulary["attributes"][name])
                 for name, numbers in columns_of(attributes)]
    time = {"time": dated(histories)} if config.lasting and len(steps) > 1 and "gaps" in config.inputs else {}
    return {"items": {"encoding": "vocabulary", "size": len(vocabulary["items"])}, **used, "attributes": encodings, **time}, vocabulary


def grown_schema(inputs: dict, vocabulary: dict, histories: dict, attributes: dict):
    """A package's schema for more data: vocabularies grow, and everything else stays, so that the weights keep their meaning."""
    words = grown(vocabulary, histories, attributes)
    words["attributes"] = {name: known for name, known in words["attributes"].items() if name in vocabulary["attributes"]}
    inputs = {**inputs, "items": {"encoding": "vocabulary", "size": len(words["items"])}}
    if inputs["categories"]["encoding"] == "vocabulary":
        inputs["categories"] = {"encoding": "vocabulary", "size": len(words["categories"])}
    else:
        words["categories"] = {}
    inputs["attributes"] = [worded(a["name"], words["attributes"][a["name"]]) if a["encoding"] == "vocabulary" else a
                            for a in inputs["attributes"]]
    return inputs, words


def grown(vocabulary: dict, histories: dict, attributes: dict) -> dict:
    """The vocabulary with the new words of the data at its end, items and categories in order of appearance."""
    items, categories = dict(vocabulary.get("items", {})), dict(vocabulary.get("categories", {}))
    for history in histories.values():
        for event in history:
            items.setdefault(event.item, len(items) + FIRST)
            for category in event.categories[:1]:  # the most specific, which alone is encoded
                categories.setdefault(category, len(categories) + FIRST)
    words = {name: dict(known) for name, known in vocabulary.get("attributes", {}).items()}
    for name, numbers in columns_of(attributes):
        if name in words or not numbers:
            known = words.setdefault(name, {})
            for word in sorted({text_of(values[name]) for values in attributes.values() if name in values}):
                known.setdefault(word, len(known) + FIRST)
    return {"items": items, "categories": categories, "attributes": words}


def columns_of(attributes: dict):
    """(name, values) of each attribute; the values are [] unless all of them are numbers."""
    for name, values in all_columns_of(attributes):
        yield name, values if all(map(is_number, values)) else []


def show_mixed(attributes: dict) -> None:
    """Names attributes whose values are mostly numbers but not all, so that each number is a word of its own."""
    for name, values in all_columns_of(attributes):
        others = [value for value in values if not is_number(value)]
        if 0 < 2 * len(others) < len(values):
            print(f"attribute {name}: {len(values) - len(others):,} of {len(values):,} values are numbers, the first other is "
                  f"{shown(others[0])}; so every value is treated as a word. Remove the others to get ranges of numbers", file=sys.stderr)


def all_columns_of(attributes: dict) -> list:
    """(name, values) of each attribute."""
    columns: dict = {}
    for of_user in attributes.values():
        for name, value in of_user.items():
            columns.setdefault(name, []).append(value)
    return sorted(columns.items())


def is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def scaled(values: list) -> dict:
    """Values are encoded in standard deviations; the lowest is 1, since 0 stands for no value."""
    spread = statistics.pstdev(values)
    return {"offset": min(values) - spread, "scale": spread}


def dated(histories: dict) -> dict:
    """Days since 1970 are encoded in standard deviations from their mean over the log."""
    days = [event.micros / DAY_MICROS for history in histories.values() for event in history]
    return {"encoding": "dayAndHour", "offset": statistics.fmean(days), "scale": max(statistics.pstdev(days), 1.0)}


def worded(name: str, words: dict) -> dict:
    return {"name": name, "encoding": "vocabulary", "size": len(words)}


def bucketed(name: str, values: list) -> dict:
    """Up to eight buckets with about as many users each; fewer if many users share a value."""
    bounds = statistics.quantiles(values, n=8) if len(values) > 1 else values
    return {"name": name, "encoding": "buckets", "bounds": sorted(set(bounds))}
