"""Decides how a package encodes its inputs: the `inputs` of manifest.json and vocabulary.json."""

import math
import statistics

from configs import Config
from prepare import KINDS

STARTER_ATTRIBUTES = [
    {"name": "age", "encoding": "buckets", "bounds": [18, 25, 35, 45, 55, 65]},
    {"name": "gender", "encoding": "hash", "buckets": 64},
    {"name": "region", "encoding": "hash", "buckets": 256},
    {"name": "device", "encoding": "hash", "buckets": 64},
]


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
    """Every item, category and attribute value of the data gets an index, in order of first appearance."""
    items, categories, values = {}, {}, []
    for history in histories.values():
        for event in history:
            items.setdefault(event.item, len(items) + 2)
            for category in event.categories[:1]:
                categories.setdefault(category, len(categories) + 2)
            if event.value is not None:
                values.append(event.value)
    spread = statistics.pstdev(values) if values else 0.0
    attributes, words = attribute_schema(people)
    return {
        "items": {"encoding": "vocabulary", "size": len(items)},
        "kinds": {"encoding": "list", "values": KINDS},
        "categories": {"encoding": "vocabulary", "size": len(categories)},
        "gaps": {"encoding": "buckets", "bounds": list(config.gaps)},
        "values": {"encoding": "linear", "offset": statistics.fmean(values) if values else 0.0, "scale": spread or 1.0},
        "attributes": attributes,
    }, {"items": items, "categories": categories, "attributes": words}


def attribute_schema(people: dict):
    """Numbers go into eight buckets of equal size, all else into a vocabulary."""
    columns: dict = {}
    for person in people.values():
        for name, value in person.items():
            columns.setdefault(name, []).append(value)
    schema, words = [], {}
    for name, values in sorted(columns.items()):
        if all(isinstance(v, (int, float)) and math.isfinite(v) for v in values):
            bounds = statistics.quantiles(values, n=8) if len(values) > 1 else values
            schema.append({"name": name, "encoding": "buckets", "bounds": sorted(set(bounds))})
        else:
            words[name] = {word: n + 2 for n, word in enumerate(sorted({str(v) for v in values}))}
            schema.append({"name": name, "encoding": "vocabulary", "size": len(words[name])})
    return schema, words
