"""Content vectors: embeddings of the items' images, texts or sounds, made elsewhere, as PUT /v1/items takes them."""

from pathlib import Path

from events import BadRow, DataError, check_id, finite
from rows import json_lines


def read_contents(path: Path) -> dict:
    """{item: [numbers]} of lines of {"itemId": ..., "content": [...]}; items without content and other fields are passed over."""
    found: dict = {}
    for number, row in json_lines(path):
        try:
            item, content = check_id("itemId", row.get("itemId")), row.get("content")
            if content is None:
                continue
            if not isinstance(content, list) or not content or any(finite("content", cell) is None for cell in content):
                raise BadRow("field content must be a list of numbers")
            if found and len(content) != dimension_of(found):
                raise BadRow(f"field content has {len(content)} numbers, those before it {dimension_of(found)}")
        except BadRow as error:
            raise DataError(f"{path} line {number}: {error}") from None
        found[item] = content
    if not found:
        raise DataError(f"{path}: no item has content")
    return found


def dimension_of(contents: dict) -> int:
    return len(next(iter(contents.values())))
