"""Turns files of events, in any of several formats, into NDJSON for POST /v1/events.

    python3 src/training/prepare.py --data csv:shop.csv.gz \\
        --columns userId=user_id,itemId=product_id,kind=event_type,timestamp=event_time,value=price \\
        --kinds 1=view,4=purchase --out events.ndjson
    python3 src/training/prepare.py --data movielens-100k:DIR --out events.ndjson --attributes-out users.ndjson
    python3 src/training/prepare.py --data csv:shop.csv.gz --columns ... --out events.ndjson --items-out items.ndjson

--items-out writes the items that the events speak of, as PUT /v1/items takes them: the categories of the newest event that
names some, and as price the value of the newest view, click, cart or purchase with one above 0.

The last line printed says in JSON what was read and written, and the first and the last time of what is written, which sequences
lack. Without --out the data is only checked. --until, --users and --first write a part, for trials. The formats:

    events          NDJSON of events, as the service takes them
    csv             a table with a header, separated by comma, tab or semicolon; --columns says which column is which
    sequences       a line a user: the user, then items in time order
    movielens-100k  the folder of MovieLens-100K
    otto            OTTO's sessions, JSON lines

A file whose name ends with .gz is unpacked while it is read. Times are those that the service takes (docs/semantics.md); in csv
also Unix time of the years 1990 to 2099 in seconds, milliseconds or microseconds, with or without a fraction. Other numbers, such as
20191001 or the days that spreadsheets count, are unreadable.
"""

import argparse
import json
from collections.abc import Iterable

from profile_training.commands.arguments import event_time, natural_or_none, parser_of, refuse_read_file, written_file
from profile_training.data.event import json_of, text_of_micros
from profile_training.data.files import write_json_lines
from profile_training.data.histories import read
from profile_training.data.source import Source, add_arguments
from profile_training.encoding.hashing import hash64

PRICED = {"view", "click", "cart", "purchase"}  # kinds whose value is a price, as the service's price level reads them


def main(arguments: list | None = None) -> None:
    args = parsed(arguments)
    source = Source.parse(args)
    histories, attributes, counts = read(source)
    histories = part_of(histories, args.until, args.users, args.first)
    counts |= times_of(histories) if source.timed else {}
    counts |= {"eventsWritten": sum(map(len, histories.values())), "usersWritten": len(histories)}
    if args.out:
        write_json_lines(args.out, (json_of(event) for history in histories.values() for event in history))
    if args.attributes_out:
        write_json_lines(args.attributes_out, ({"userId": user, "attributes": of_user} for user, of_user in attributes.items()
                                               if user in histories))
    if args.items_out:
        items = items_of(event for history in histories.values() for event in history)
        counts["itemsWritten"] = len(items)
        write_json_lines(args.items_out, items)
    print(json.dumps(counts))


def parsed(arguments: list | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    add_arguments(parser)
    parser.add_argument("--out", type=written_file, metavar="FILE", help="events, one JSON object a line, by user and time")
    parser.add_argument("--attributes-out", type=written_file, metavar="FILE", help="users' attributes, one JSON object a line")
    parser.add_argument("--items-out", type=written_file, metavar="FILE", help="items with categories and prices, one JSON object a line")
    parser.add_argument("--until", type=event_time, metavar="TIME", help="only events before this time (ISO 8601)")
    parser.add_argument("--users", type=percents, default=(0, 100), metavar="FROM-TO",
                        help="only users whose hash is in this range of percent")
    parser.add_argument("--first", type=counts_of, default=(), metavar="FROM-TO",
                        help="only the first events of a user, a number in this range")
    args = parser.parse_args(arguments)
    refuse_read_file(parser, args, ("out", "attributes_out", "items_out"))
    return args


def times_of(histories: dict) -> dict:
    """The first and the last time; nothing where there is no event."""
    ends = [(history[0].micros, history[-1].micros) for history in histories.values()]
    return {name: text_of_micros(micros) for name, micros in
            (("firstTime", min(first for first, _ in ends)), ("lastTime", max(last for _, last in ends)))} if ends else {}


def items_of(events: Iterable) -> list:
    """The items of some events, in the order of their ids."""
    items = {}
    for event in sorted(events, key=lambda e: e.micros):
        item = items.setdefault(event.item, {"itemId": event.item})
        if event.categories:
            item["categories"] = list(event.categories)
        if event.kind in PRICED and event.value is not None and event.value > 0:
            item["price"] = event.value
    return [items[name] for name in sorted(items)]


def part_of(histories: dict, until: int | None, users: tuple, first: tuple) -> dict:
    """The events before `until` (micros) of the users whose hash is in the range `users` (percent).

    With `first`, only the first events of each user; how many depends on the user's hash and is in the range `first`.
    """
    kept = {}
    for user, history in histories.items():
        draw = hash64(user)
        if users[0] <= draw % 100 < users[1]:
            events = [event for event in history if until is None or event.micros < until]
            count = first[0] + draw // 100 % (first[1] - first[0] + 1) if first else len(events)
            if events[:count]:
                kept[user] = events[:count]
    return kept


def range_of(text: str) -> tuple:
    low, dash, high = text.partition("-")
    if not dash:
        raise argparse.ArgumentTypeError(f"{text} is not a range like 5-10")
    return natural_or_none(low), natural_or_none(high)


def percents(text: str) -> tuple:
    low, high = range_of(text)
    if not low < high <= 100:
        raise argparse.ArgumentTypeError(f"{text} is not a range of percent like 0-10, from one number up to a greater one, at most 100")
    return low, high


def counts_of(text: str) -> tuple:
    low, high = range_of(text)
    if not low <= high or not high:
        raise argparse.ArgumentTypeError(f"{text} is not a range like 5-10 that ends above 0")
    return low, high
