"""Items as POST /v1/items takes them: their categories, and content vectors (embeddings of images, texts or sounds, which are made
elsewhere)."""

from pathlib import Path
from typing import NamedTuple

from profile_training.data.fields import CheckedTexts, finite
from profile_training.data.files import json_rows
from profile_training.data.histories import EventLog
from profile_training.errors import BadRow, DataError


GREATEST = 1e9  # number of a content vector


class Items(NamedTuple):
    categories: dict  # {item: (category, ...)}, the most specific first
    contents: dict    # {item: [C numbers]}


def read_items(path: Path | None) -> Items:
    """From lines of {"itemId": ..., "categories": [...], "content": [...]}; other fields are ignored. Nothing without a path.

    A later line of an item replaces the whole item, as in the service.
    """
    items, texts = Items({}, {}), CheckedTexts()
    for number, row in json_rows(path) if path else ():
        try:
            item, categories = texts.id("itemId", row.get("itemId")), texts.categories("categories", row.get("categories"))
            content = content_of(row.get("content"), items.contents)
        except BadRow as error:
            raise DataError(f"{path} line {number}: {error}") from None
        keep(items.categories, item, categories or None)
        keep(items.contents, item, content)
    if path and not any(items):
        raise DataError(f"{path}: no item has categories or content")
    return items


def keep(found: dict, item: str, value) -> None:
    if value is None:
        found.pop(item, None)
    else:
        found[item] = value


def content_of(content, before: dict):
    if content is None:
        return None
    if not isinstance(content, list) or not content or any(finite("content", cell) is None for cell in content):
        raise BadRow("field content must be a list of numbers")
    if any(abs(cell) > GREATEST for cell in content):
        raise BadRow(f"field content must have numbers of -{GREATEST:.0e} to {GREATEST:.0e}")
    if before and len(content) != dimension_of(before):
        raise BadRow(f"field content has {len(content)} numbers, the lines before it {dimension_of(before)}")
    return content


def dimension_of(contents: dict) -> int:
    """C; 0 if there are none."""
    return len(next(iter(contents.values()), ()))


def with_categories(log: EventLog, items: Items) -> EventLog:
    """An event without categories has its item's, as in the service."""
    if not items.categories:
        return log
    return log._replace(histories={
        user: [event if event.categories else event._replace(categories=items.categories.get(event.item, ())) for event in history]
        for user, history in log.histories.items()})
