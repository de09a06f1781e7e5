"""Makes shop clickstreams: the demo data, or many worlds to train the starter model on.

    python3 src/training/demo_events.py --out demo/events.ndjson --attributes demo/users.ndjson --items demo/items.ndjson
    python3 src/training/demo_events.py --worlds 60 --users 300 --seed 1 --out worlds.ndjson --attributes worlds-users.ndjson

The same arguments give the same bytes. With --worlds every world is a shop with categories, item ids, sizes and habits of its own,
and its user ids start with its name and a slash ("w03/u0001").
"""

import random
from contextlib import ExitStack

from profile_training.commands.arguments import natural, natural_or_none, parser_of, refuse_same_files, written_file
from profile_training.data.files import json_line
from profile_training.demo.catalogue import demo_catalogue, random_catalogue
from profile_training.demo.shop import item_lines, world_lines
from profile_training.demo.style import DEMO_STYLE, random_style


def main(arguments: list | None = None) -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--worlds", type=natural_or_none, default=0, help="number of random worlds; 0 makes the demo shop")
    parser.add_argument("--users", type=natural, default=500, help="users a world")
    parser.add_argument("--seed", type=int, default=20261115)
    parser.add_argument("--out", required=True, type=written_file, help="events, one JSON object a line")
    parser.add_argument("--attributes", required=True, type=written_file, help="users with attributes and interests, one a line")
    parser.add_argument("--items", type=written_file, help="items with categories, price and title, one a line")
    args = parser.parse_args(arguments)
    refuse_same_files(parser, args, ("out", "attributes", "items"))

    rng = random.Random(args.seed)
    worlds = [(f"w{n:02d}/", random_catalogue, None) for n in range(args.worlds)] or [("", demo_catalogue, DEMO_STYLE)]
    with ExitStack() as stack:
        events_out, users_out, items_out = (
            stack.enter_context(open(path, "w", encoding="utf-8", newline="\n")) if path else None
            for path in (args.out, args.attributes, args.items))
        for prefix, make_catalogue, style in worlds:
            catalogue = make_catalogue(rng)
            events, users = world_lines(rng, prefix, args.users, catalogue, style or random_style(rng))
            items = list(item_lines(catalogue)) if items_out else []
            for rows, file in ((events, events_out), (users, users_out), (items, items_out)):
                for row in rows:
                    file.write(json_line(row))
            print(f"{prefix or 'demo '}{len(users)} users, {len(events)} events, "
                  f"{len({e['itemId'] for e in events})} items seen")
