"""Measures whether a package's profiles bring similar users together, on data that the package was not trained on.

    python3 src/training/neighbours.py --package models/starter/3 --data movielens-100k:DIR

Every user's last event is the test: items are scored by what the nearest users have met, and all items compete. The package is
compared with popularity and with plain means of its own item and category vectors. The number of neighbours and the sharpness of
their weights are chosen for each of them on the event before the last, never on the test. Attributes are not used.
"""

import time
from pathlib import Path

import torch

from profile_training.commands.arguments import parser_of
from profile_training.data.histories import read
from profile_training.data.source import Source, add_arguments
from profile_training.encoding.histories import encode_histories
from profile_training.errors import DataError
from profile_training.evaluation.leave_one_out import check_targets, popularity
from profile_training.evaluation.nearest_users import nearest_user_figures, users_with_events
from profile_training.evaluation.ranking import vectors
from profile_training.model.layers import unit
from profile_training.model.starter_model import StarterModel
from profile_training.package.reader import load_encoder, load_model

CHOICES = [(k, sharpness) for k in (25, 50, 100, 200) for sharpness in (0.0, 5.0, 10.0, 20.0)]


def main(arguments: list | None = None) -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--package", required=True, type=Path)
    add_arguments(parser)
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    begin = time.process_time()
    model = load_model(args.package)
    if not isinstance(model, StarterModel):
        raise DataError(f"{args.package} is the model of one catalogue, and neighbours.py compares random codes: evaluate.py measures it")
    histories = read(Source.parse(args)).histories
    data = encode_histories(histories, {}, load_encoder(args.package))
    check_targets(data, args.data)
    users = list(range(len(data.users)))

    print(f"{'profile':30} {'k':>4} {'sharp':>5} {'valid HR@10':>12} {'test HR@10':>11} {'NDCG@10':>8}  hits")
    for name, profiles in profiles_of(model, data).items():
        valid, test = (profiles(*users_with_events(data, split, users)) for split in ("valid", "test"))
        tried = {choice: nearest_user_figures(valid, data, "valid", users, *choice) for choice in CHOICES}
        best = max(tried, key=lambda choice: tried[choice]["ndcg@10"])
        show(name, best, tried[best], nearest_user_figures(test, data, "test", users, *best))
    show("popularity", ("-", "-"), popularity(data, "valid"), popularity(data, "test"))
    print(f"{time.process_time() - begin:.0f} s of CPU time")


def profiles_of(model, data) -> dict:
    """{name: function of (rows, ends) -> (V, D)}."""
    return {"package": lambda rows, ends: vectors(model, data, rows, ends),
            "mean of items": mean_of(model, data, 0.0),
            "mean of items + 0.3 categories": mean_of(model, data, 0.3),
            "mean of items + categories": mean_of(model, data, 1.0)}


def mean_of(model, data, category_weight: float):
    """The plain mean of a window's item vectors, plus its category vectors times the weight."""
    @torch.no_grad()
    def profiles(rows, ends):
        batch = data.batch(rows, ends)
        return unit((model.item(batch["items"]) + category_weight * model.category(batch["categories"])).sum(1))
    return profiles


def show(name: str, choice, valid: dict, test: dict) -> None:
    hits = f"{round(test['hr@10'] * test['users'])} of {test['users']}"
    print(f"{name:30} {choice[0]:>4} {choice[1]:>5} {valid['hr@10']:12.4f} "
          f"{test['hr@10']:11.4f} {test['ndcg@10']:8.4f}  {hits}", flush=True)
