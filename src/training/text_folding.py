"""One table that makes texts alike which differ in writing only; it travels in the package, so that no other code needs Unicode's."""

import unicodedata

MARKS = range(0x300, 0x370)              # accents that follow their letter
SELECTORS = range(0xFE00, 0xFE10)        # which picture of a sign is meant
SURROGATES = range(0xD800, 0xE000)       # halves of a pair: no characters
QUOTES = {"\u2018": "'", "\u2019": "'"}  # typed for an apostrophe


def folding_table() -> dict:
    """Character → what stands for it: compatibility form (NFKC), lower case, without accents; a space for space and control
    characters, nothing for invisible ones. Characters that stand for themselves are left out."""
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
