"""The table that makes equal what differs in writing only. It is part of the package, so that the service needs no Unicode library."""

import unicodedata
from functools import cache

MARKS = range(0x300, 0x370)              # combining accents
SELECTORS = (*range(0xFE00, 0xFE10), 0x20E3, *range(0x1F3FB, 0x1F400))  # of a variant, a keycap, a skin tone
SURROGATES = range(0xD800, 0xE000)       # halves of a pair: not characters
QUOTES = {"\u2018": "'", "\u2019": "'"}  # typed for an apostrophe


@cache
def folding_table() -> dict:
    """{character: its replacement}, without the characters that stay as they are.

    The replacement is the compatibility form (NFKC) in lower case without accents; a space for space and control characters,
    nothing for invisible ones.
    """
    every = (chr(code) for code in range(0x110000) if code not in SURROGATES)
    return {c: folded for c in every if (folded := fold(c)) != c}


def fold(c: str) -> str:
    if c in QUOTES:
        return QUOTES[c]
    category = unicodedata.category(c)
    if category in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    if category == "Cf" or ord(c) in MARKS or ord(c) in SELECTORS:
        return ""
    parts = unicodedata.normalize("NFKD", c).lower()
    return unicodedata.normalize("NFKC", "".join(p for p in parts if ord(p) not in MARKS))
