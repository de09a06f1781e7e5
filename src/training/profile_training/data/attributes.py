"""Users' attributes, one JSON object per line, as POST /v1/attributes takes them."""

from profile_training.data.files import json_lines
from profile_training.errors import DataError


def read_attributes(path) -> dict:
    """{user: {name: value}} from lines of {"userId": ..., "attributes": {...}}."""
    found = {}
    for number, row in json_lines(path):
        if not isinstance(row.get("userId"), str) or not isinstance(row.get("attributes"), dict):
            raise DataError(f"{path} line {number}: fields userId (a string) and attributes (an object) are required")
        for name, value in row["attributes"].items():
            if isinstance(value, bool) or not isinstance(value, (str, int, float)):
                raise DataError(f"{path} line {number}: field attributes.{name} must be a string or a number")
        found[row["userId"]] = row["attributes"]
    return found
