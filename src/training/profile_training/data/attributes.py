"""Users' attributes, one JSON object per line, as POST /v1/attributes takes them."""

from profile_training.data.fields import check_id, finite, shown
from profile_training.data.files import json_rows
from profile_training.errors import BadRow, DataError


def read_attributes(path) -> dict:
    """{user: {name: value}} from lines of {"userId": ..., "attributes": {...}}. Null is the same as leaving the name out."""
    found = {}
    for number, row in json_rows(path):
        if not isinstance(row.get("userId"), str) or not isinstance(row.get("attributes"), dict):
            raise DataError(f"{path} line {number}: fields userId (a string) and attributes (an object) are required")
        try:
            check_id("userId", row["userId"])
            values = {name: checked(f"attributes.{name}", value) for name, value in row["attributes"].items()}
        except BadRow as error:
            raise DataError(f"{path} line {number}: {error}") from None
        found[row["userId"]] = {name: value for name, value in values.items() if value is not None}
    return found


def checked(name: str, value):
    if isinstance(value, (list, dict)):
        raise BadRow(f"field {name} must be a string, a number, true or false, not {shown(value)}")
    return value if isinstance(value, (str, bool)) else finite(name, value)
