"""Decides how a package encodes its inputs: the `inputs` of manifest.json and vocabulary.json."""

import math
import statistics

from configs import Config
from encode import FIRST, text_of
from events import KINDS

STARTER_ATTRIBUTES = [
    {"name": "age", "encoding": "buckets", "bounds": [18, 25, 35, 45, 55, 65]},
    {"name": "gender", "encoding": "hash", "buckets": 64},
    {"name": "region", "encoding": "hash", "buckets": 256},
    {"name": "device", "encoding": "hash", "buckets": 64},
]


NONE = {"encoding": "none"}


def hashed_schema(config: Config):
    """One schema for every catalogue: nothing is looked up."""
    return {
        "items": {"encoding": "hash", "buckets": 1 << 24},
        "kinds": {"encoding": "list", "values": KINDS},
        "categories": {"encoding": "hash", "buckets": 1 << 24},
        "gaps": {"encoding": "buckets", "bounds": list(config.gaps)},
        "values": {"encoding": "signedLog", "scale": 3.0},
        "attributes": STARTER_ATTRIBUTES,
    }, {}


def vocabulary_schema(config: Config, histories: dict, people: dict):
    """Every item, category and attribute value of the data gets an index. An input that the configuration leaves out, or that
    is the same throughout the data, is none."""
    vocabulary = grown({}, histories, people if "attributes" in config.inputs else {})
    kinds, steps, values = set(), set(), []
    for history in histories.values():
        kinds.update(event.kind for event in history)
        values += [event.value for event in history if event.value is not None]
        if len(steps) < 2:
            steps.update(b.micros - a.micros for a, b in zip(history, history[1:]))
    said = {
        "kinds": len(kinds) > 1 and {"encoding": "list", "values": KINDS},
        "categories": vocabulary["categories"] and {"encoding": "vocabulary", "size": len(vocabulary["categories"])},
        "gaps": len(steps) > 1 and {"encoding": "buckets", "bounds": list(config.gaps)},
        "values": len(set(values)) > 1 and {"encoding": "linear", **scaled(values)},
    }
    used = {name: encoding if encoding and name in config.inputs else NONE for name, encoding in said.items()}
    if used["categories"] is NONE:
        vocabulary["categories"] = {}
    attributes = [bucketed(name, numbers) if numbers else {"name": name, "encoding": "vocabulary", "size": len(vocabulary["attributes"][name])}
                  for name, numbers in columns_of(people if "attributes" in config.inputs else {})]
    return {"items": {"encoding": "vocabulary", "size": len(vocabulary["items"])}, **used, "attributes": attributes}, vocabulary


def grown_schema(inputs: dict, vocabulary: dict, histories: dict, people: dict):
    """A package's schema for more data: vocabularies get longer, and all else stays, so that the weights keep their meaning."""
    words = grown(vocabulary, histories, people)
    words["attributes"] = {name: known for name, known in words["attributes"].items() if name in vocabulary["attributes"]}
    inputs = {**inputs, "items": {"encoding": "vocabulary", "size": len(words["items"])}}
    if inputs["categories"]["encoding"] == "vocabulary":
        inputs["categories"] = {"encoding": "vocabulary", "size": len(words["categories"])}
    else:
        words["categories"] = {}
    inputs["attributes"] = [a if a["encoding"] != "vocabulary" else {**a, "size": len(words["attributes"][a["name"]])}
                            for a in inputs["attributes"]]
    return inputs, words


def grown(vocabulary: dict, histories: dict, people: dict) -> dict:
    """The vocabulary with all that is new in the data after what it had, items and categories in order of appearance."""
    items, categories = dict(vocabulary.get("items", {})), dict(vocabulary.get("categories", {}))
    for history in histories.values():
        for event in history:
            items.setdefault(event.item, len(items) + FIRST)
            for category in event.categories[:1]:
                categories.setdefault(category, len(categories) + FIRST)
    words = {name: dict(known) for name, known in vocabulary.get("attributes", {}).items()}
    for name, numbers in columns_of(people):
        if not numbers:
            known = words.setdefault(name, {})
            for word in sorted({text_of(person[name]) for person in people.values() if name in person}):
                known.setdefault(word, len(known) + FIRST)
    return {"items": items, "categories": categories, "attributes": words}


def columns_of(people: dict):
    """(name, values) of each attribute; the values only where all of them are numbers, otherwise none."""
    columns: dict = {}
    for person in people.values():
        for name, value in person.items():
            columns.setdefault(name, []).append(value)
    for name, values in sorted(columns.items()):
        yield name, values if all(isinstance(v, (int, float)) and math.isfinite(v) for v in values) else []


def scaled(values: list) -> dict:
    """Standard deviations above one less than the least value: 0 stands for no value."""
    spread = statistics.pstdev(values)
    return {"offset": min(values) - spread, "scale": spread}


def bucketed(name: str, values: list) -> dict:
    """Eight buckets of equal size."""
    bounds = statistics.quantiles(values, n=8) if len(values) > 1 else values
    return {"name": name, "encoding": "buckets", "bounds": sorted(set(bounds))}
