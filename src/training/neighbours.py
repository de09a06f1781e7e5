"""Asks whether a package's profiles put like users together, on data that the package was not trained on.

    python3 src/training/neighbours.py --package models/starter/2 --data movielens-100k:DIR

Every user's last event is the test: items are scored by what the nearest users have met, all items compete. Beside the
package stand popularity and the plain means of the package's own item and category vectors. For each of them the number
of neighbours and how sharply they are weighted are chosen on the event before the last, never on the test.
"""

import argparse
import sys
import time
from pathlib import Path

import torch

from events import DataError
from export import load_encoder, load_model
from layers import unit
from nearest_users import everyone, neighbour_figures
from prepare import Source, add_arguments, read
from processor import restart_tuned
from protocol import popularity, vectors
from windows import encode_histories

CHOICES = [(k, sharpness) for k in (25, 50, 100, 200) for sharpness in (0.0, 5.0, 10.0, 20.0)]


def mean_of(model, data, category_share: float):
    """Profiles that are the plain mean of the window's item vectors, and of its category vectors in the given share."""
    @torch.no_grad()
    def profiles(rows, ends):
        batch = data.batch(rows, ends)
        return unit((model.item(batch["items"]) + category_share * model.category(batch["categories"])).sum(1))
    return profiles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True, type=Path)
    add_arguments(parser)
    args = parser.parse_args()
    torch.set_num_threads(1)
    begin = time.process_time()
    try:
        histories = read(Source.parse(args)).histories
    except (DataError, OSError) as error:
        sys.exit(f"neighbours: {error}")
    model = load_model(args.package)
    data = encode_histories(histories, {}, load_encoder(args.package))  # as the service does: no attributes
    users = list(range(len(data.users)))

    ways = {"package": lambda rows, ends: vectors(model, data, rows, ends),
            "mean of items": mean_of(model, data, 0.0),
            "mean of items + 0.3 categories": mean_of(model, data, 0.3),
            "mean of items + categories": mean_of(model, data, 1.0)}
    print(f"{'profile':30} {'k':>4} {'sharp':>5} {'valid HR@10':>12} {'test HR@10':>11} {'NDCG@10':>8}  hits")
    for name, profiles in ways.items():
        valid, test = (profiles(*everyone(data, part, users)) for part in ("valid", "test"))
        tried = {choice: neighbour_figures(valid, data, "valid", users, *choice) for choice in CHOICES}
        best = max(tried, key=lambda choice: tried[choice]["ndcg@10"])
        show(name, best, tried[best], neighbour_figures(test, data, "test", users, *best))
    show("popularity", ("-", "-"), popularity(data, "valid"), popularity(data, "test"))
    print(f"{time.process_time() - begin:.0f} s of CPU time")


def show(name: str, choice, valid: dict, test: dict) -> None:
    hits = f"{round(test['hr@10'] * test['users'])} of {test['users']}"
    print(f"{name:30} {choice[0]:>4} {choice[1]:>5} {valid['hr@10']:12.4f} "
          f"{test['hr@10']:11.4f} {test['ndcg@10']:8.4f}  {hits}", flush=True)


if __name__ == "__main__":
    restart_tuned()
    main()
