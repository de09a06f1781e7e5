"""Writes an items file with invented content: a direction of the category plus one of the item, from the hashes of their names.

    python3 src/training/content_items.py --data events:demo/events.ndjson --dimension 6 --out items.ndjson
"""

from profile_training.commands.arguments import natural, parser_of, refuse_read_file, written_file
from profile_training.data.files import write_json_lines
from profile_training.data.histories import read
from profile_training.data.source import Source, add_arguments
from profile_training.demo.content import content_of


def main(arguments: list | None = None) -> None:
    parser = parser_of(__doc__)
    add_arguments(parser)
    parser.add_argument("--dimension", type=natural, default=6)
    parser.add_argument("--out", required=True, type=written_file, metavar="FILE")
    args = parser.parse_args(arguments)
    refuse_read_file(parser, args, ("out",))
    categories: dict = {}
    for history in read(Source.parse(args)).histories.values():
        for event in history:
            categories.setdefault(event.item, event.categories)
    write_json_lines(args.out, (item_of(item, named, args.dimension) for item, named in sorted(categories.items())))
    print(f"wrote {args.out}: {len(categories):,} items")


def item_of(item: str, categories: tuple, dimension: int) -> dict:
    content = content_of(item, categories[0] if categories else "", dimension)
    return {"itemId": item, "categories": list(categories), "content": content}
