"""The rules for the fields of an event: those of the service (docs/semantics.md)."""

import math
import re

from profile_training.data.times import UnlikelyTime, whole_number
from profile_training.errors import BadRow

FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # broken UTF-8 is read as lone surrogates
MAX_LENGTH, MAX_CATEGORIES = 128, 8
RESERVED = (".", "..")  # cannot stand in the path of a URL


def shown(value) -> str:
    """A value for a message, at most 60 characters."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def need_text(name: str, value) -> None:
    if not isinstance(value, str) or not value:
        raise BadRow(f"field {name} must be a non-empty string")


def time_of(parse, name: str, value) -> int:
    try:
        return parse(value)
    except UnlikelyTime as error:
        raise BadRow(f"field {name} is not a readable time: {shown(value)}; {error}") from None
    except (ValueError, TypeError):
        raise BadRow(f"field {name} is not a readable time: {shown(value)}") from None


def finite(name: str, value):
    """Returns the value, which must be a finite JSON number or None."""
    try:
        if value is None or (not isinstance(value, bool) and isinstance(value, (int, float)) and math.isfinite(value)):
            return value
    except OverflowError:  # an integer that no double can hold
        pass
    raise BadRow(f"field {name} must be a finite number, not {shown(value)}")


def amount(name: str, text: str) -> float | None:
    """A number written as text; None for an empty text."""
    try:
        return finite(name, float(text)) if text else None
    except ValueError:
        raise BadRow(f"field {name} must be a finite number, not {shown(text)}") from None


def whole(name: str, text: str) -> int:
    """A whole number written as text, which may be "3.0"."""
    try:
        return whole_number(float(text)) if "." in text else int(text)
    except ValueError:
        raise BadRow(f"field {name} is not a whole number: {shown(text)}") from None


def check_id(name: str, text) -> str:
    """The rule for ids."""
    if text in RESERVED:
        raise BadRow(f"field {name} must not be {text}, which cannot stand in a URL")
    return check_name(name, text)


def check_name(name: str, text) -> str:
    """The rule for categories, and for ids beyond RESERVED; the length is counted in UTF-16 units."""
    need_text(name, text)
    if FORBIDDEN.search(text):
        raise BadRow(f"field {name} contains a control character or broken Unicode: {shown(text)}")
    if len(text) > MAX_LENGTH or (not text.isascii() and len(text.encode("utf-16-le")) > 2 * MAX_LENGTH):
        raise BadRow(f"field {name} is longer than {MAX_LENGTH} characters: {shown(text)}")
    return text


def kind_of(kinds: dict, name: str, text) -> str:
    """`kinds` maps the kinds of the data to those of the service."""
    try:
        return kinds[text]
    except (KeyError, TypeError):
        need_text(name, text)
        raise BadRow(f"field {name} must be one of {', '.join(kinds)}, not {shown(text)}") from None


class CheckedTexts:
    """Valid ids and categories: each is checked once, and equal ones share one object in memory."""

    def __init__(self):
        self.ids: dict = {}
        self.names: dict = {}
        self.tuples: dict = {}

    def id(self, name: str, text) -> str:
        try:
            return self.ids[text]
        except (KeyError, TypeError):  # new, or not a string
            return self.ids.setdefault(check_id(name, text), text)

    def name(self, name: str, text) -> str:
        try:
            return self.names[text]
        except (KeyError, TypeError):
            return self.names.setdefault(check_name(name, text), text)

    def categories(self, name: str, values) -> tuple:
        if values is None:
            return ()
        if not isinstance(values, (list, tuple)):
            raise BadRow(f"field {name} must be a list of strings")
        if len(values) > MAX_CATEGORIES:
            raise BadRow(f"field {name} must not have more than {MAX_CATEGORIES} entries")
        try:
            return self.tuples[tuple(values)]
        except (KeyError, TypeError):  # new, or not strings
            checked = tuple([self.name(name, value) for value in values])
            return self.tuples.setdefault(checked, checked)
