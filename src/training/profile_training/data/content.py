"""Content vectors: embeddings of the items' images, texts or sounds, made elsewhere, as POST /v1/items takes them."""

from pathlib import Path

from profile_training.data.fields import check_id, finite
from profile_training.data.files import json_lines
from profile_training.errors import BadRow, DataError


def read_contents(path: Path) -> dict:
    """{item: [C numbers]} from lines of {"itemId": ..., "content": [...]}; items without content and other fields are ignored."""
    found: dict = {}
    for number, row in json_lines(path):
        try:
            item, content = check_id("itemId", row.get("itemId")), row.get("content")
            if content is None:
                continue
            if not isinstance(content, list) or not content or any(finite("content", cell) is None for cell in content):
                raise BadRow("field content must be a list of numbers")
            if found and len(content) != dimension_of(found):
                raise BadRow(f"field content has {len(content)} numbers, the lines before it {dimension_of(found)}")
        except BadRow as error:
            raise DataError(f"{path} line {number}: {error}") from None
        found[item] = content
    if not found:
        raise DataError(f"{path}: no item has content")
    return found


def dimension_of(contents: dict) -> int:
    """C; 0 if there are none."""
    return len(next(iter(contents.values()), ()))
