"""Keeps the scales of an earlier version, so that what is said of values and times keeps its meaning."""

SCALED = ("values", "time")


def with_scales_of(before: dict, inputs: dict) -> dict:
    """The inputs, with the scales that the earlier ones have for the same encodings."""
    same = [name for name in SCALED if name in inputs and inputs[name]["encoding"] == before.get(name, {}).get("encoding")]
    return {**inputs, **{name: before[name] for name in same}}
