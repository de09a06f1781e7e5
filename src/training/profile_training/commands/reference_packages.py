"""Writes the model packages that the benchmarks measure: random weights of a seed; each twice, with equal vectors.

    python3 src/training/reference_packages.py --out tests/packages/reference

`served` is the graph as training exports it; `plain` computes every position in every layer and takes the last one at the end, as a
plain export does. Their cost depends on their shape alone. Other shapes, for `./bench --growth`:

    python3 src/training/reference_packages.py --out DIR --layers 2 --items 100000 --dimension 128
"""

from pathlib import Path

import torch

from profile_training.commands.arguments import natural, parser_of
from profile_training.config.base import CONFIG
from profile_training.data.event import KINDS, Event
from profile_training.encoding.encoder import Encoder, size_of
from profile_training.model.profile_model import ProfileModel, Shape
from profile_training.package.golden import golden_windows
from profile_training.package.writer import bytes_of, free_folder, write_package

NAMES = {1: "one", 2: "two"}  # layers
CATEGORIES = 20
USERS = 12        # of the golden samples
LENGTHS = 40      # a user has 4 to 43 events
START = 1_760_000_000_000_000  # micros of the first event


class PlainModel(ProfileModel):
    """Computes every position in every layer and takes the last one at the end."""

    def forward(self, items, kinds, categories, gaps, values, attributes):
        inputs = items, kinds, categories, gaps, values, attributes
        profiles, weights = zip(*(tower.profile(*inputs) for tower in self.towers))
        return self.joined([profile[:, -1] for profile in profiles]), sum(w[:, -1] for w in weights) / len(weights)


def shape_of(layers: int, items: int, dimension: int) -> Shape:
    """The configuration `base`, with one tower and without attributes."""
    inputs = inputs_of(items)
    return Shape(dimension, 1, CONFIG.heads, layers, CONFIG.max_events, CONFIG.attention, CONFIG.local, size_of(inputs["items"]),
                 size_of(inputs["categories"]), size_of(inputs["kinds"]), size_of(inputs["gaps"]), True, ())


def inputs_of(items: int) -> dict:
    return {"items": {"encoding": "vocabulary", "size": items}, "kinds": {"encoding": "list", "values": KINDS},
            "categories": {"encoding": "vocabulary", "size": CATEGORIES},
            "gaps": {"encoding": "buckets", "bounds": list(CONFIG.gaps)},
            "values": {"encoding": "linear", "offset": 0.0, "scale": 1.0}, "attributes": []}


def vocabulary_of(items: int) -> dict:
    return {"items": {f"{1_000 + n}": 2 + n for n in range(items)}, "categories": {f"c{n}": 2 + n for n in range(CATEGORIES)},
            "attributes": {}}


def model_of(shape: Shape, seed: int) -> ProfileModel:
    torch.manual_seed(seed)
    return ProfileModel(shape).eval()


def plain(model: ProfileModel) -> ProfileModel:
    copy = PlainModel(model.shape)
    copy.load_state_dict(model.state_dict())
    return copy.eval()


def histories_of(items: int, seed: int) -> dict:
    """The users of the golden samples."""
    generator = torch.Generator().manual_seed(seed)

    def pick(count: int) -> int:
        return int(torch.randint(count, (1,), generator=generator))

    def event(user: str, n: int) -> Event:
        return Event(user, KINDS[pick(len(KINDS))], f"{1_000 + pick(items)}", START + n * 90_000_000,
                     (f"c{pick(CATEGORIES)}",), float(1 + pick(5)))

    return {f"u{user}": [event(f"u{user}", n) for n in range(4 + pick(LENGTHS))] for user in range(USERS)}


def folders_of(out: Path, layers: int) -> dict:
    return {kind: free_folder(out / f"{NAMES.get(layers, layers)}-{kind}") for kind in ("served", "plain")}


def write(folders: dict, layers: int, items: int, dimension: int, seed: int):
    model = model_of(shape_of(layers, items, dimension), seed)
    encoder = Encoder(inputs_of(items), vocabulary_of(items), model.shape.max_events)
    windows = golden_windows(histories_of(items, seed), {}, model.shape.max_events)
    for kind, of_kind in (("served", model), ("plain", plain(model))):
        folder = folders[kind]
        write_package(folder, of_kind, encoder, windows, {"test": {}, "valid": {}, "popularity": {}})
        print(f"wrote {folder}: {bytes_of(folder):,} bytes")


def main(arguments: list | None = None) -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--out", required=True, type=Path, help="folder of the packages")
    parser.add_argument("--layers", type=natural, nargs="+", default=[1, 2])
    parser.add_argument("--items", type=natural, default=1_000)
    parser.add_argument("--dimension", type=natural, default=64)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    folders = {layers: folders_of(args.out, layers) for layers in args.layers}
    for layers in args.layers:
        write(folders[layers], layers, args.items, args.dimension, args.seed)
