"""Writes an items file with made-up content: a direction of the category and one of the item, from the hashes of their names.

    python3 src/training/content_items.py --data events:demo/events.ndjson --dimension 6 --out items.ndjson
"""

import argparse
import math
import sys
from pathlib import Path

import numpy as np

from encode import hash64
from events import DataError
from prepare import Source, add_arguments, read, write_lines


def direction(name: str, dimension: int) -> np.ndarray:
    cells = np.random.default_rng(hash64(name)).normal(size=dimension)
    return cells / math.sqrt((cells * cells).sum())


def content_of(item: str, category: str, dimension: int) -> list:
    return [round(float(cell), 2) for cell in 0.9 * direction(category, dimension) + 0.4 * direction(item, dimension)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--dimension", type=int, default=6)
    parser.add_argument("--out", required=True, type=Path, metavar="FILE")
    args = parser.parse_args()
    try:
        histories = read(Source.parse(args)).histories
    except (DataError, OSError) as error:
        sys.exit(f"content_items: {error}")
    categories: dict = {}
    for history in histories.values():
        for event in history:
            categories.setdefault(event.item, event.categories)
    write_lines(args.out, ({"itemId": item, "categories": list(named), "content": content_of(item, named[0] if named else "", args.dimension)}
                           for item, named in sorted(categories.items())))
    print(f"wrote {args.out}: {len(categories):,} items")


if __name__ == "__main__":
    main()
