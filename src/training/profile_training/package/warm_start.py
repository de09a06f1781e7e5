"""Begins a model with the weights of a package: of the same catalogue with more items, or of another catalogue."""

from pathlib import Path

import torch

from profile_training.counting.categories import FACTORED, Categories, counted_categories, item_incidence, named, rows_from_items
from profile_training.errors import DataError
from profile_training.package.reader import load_encoder, load_model, read_manifest

TABLES = ("item", "category", "attribute")
COUNTED = ("lasting.factors", "lasting.share", "shares", "facts")  # parameters and whole modules that are fitted to the log at hand
KEPT = ("facts.mean", "facts.scale", "facts.weight")  # of the same catalogue, so that a fact keeps its meaning


def carry_over(model, package: Path, same_catalogue: bool):
    """Copies the layers, and of the same catalogue the rows of items, categories and attribute values that both know.

    The rotation stays that of the new model, and so does what is fitted by counting, but for the factors of known items.
    """
    before = load_alike(package, model)
    old, new = dict(before.named_parameters()), dict(model.named_parameters())
    for name, cells in new.items():
        if table_of(name) in TABLES:
            if same_catalogue:
                copy_rows(cells, old[name], rows_of(name, len(old[name]), before, model))
        elif name == "lasting.factors" and same_catalogue:
            cells.data[:len(old[name])] = old[name].data
        elif name == "rotation" or is_counted(name):
            continue
        elif name in old and old[name].shape == cells.shape:
            cells.data.copy_(old[name].data)
        else:
            raise DataError(f"{package}: {name} is missing or of another shape; "
                            f"give the same dimension, towers, layers, heads and inputs")


def is_counted(name: str) -> bool:
    """Whether a parameter is fitted to the log at hand and not trained: it is one of COUNTED, or belongs to a module of it."""
    return any(name == counted or name.startswith(f"{counted}.") for counted in COUNTED)


def load_alike(package: Path, model):
    """The network of a package that is of the model's kind."""
    before = load_model(package)
    if type(before) is not type(model):
        raise DataError(f"{package} is another kind of model: choose the --config that it was made with")
    return before


def keep_facts(model, package: Path):
    """Facts keep the scales that they have in an earlier version, if they are the same facts."""
    old, new = dict(load_model(package).named_parameters()), dict(model.named_parameters())
    for name in KEPT:
        if name in old and name in new and old[name].shape == new[name].shape:
            new[name].data.copy_(old[name].data)


def kept_categories(package: Path, histories: dict) -> Categories | None:
    """What the segment `categories` of an earlier version counts; None if it has no such segment.

    A package has the row of a category where the category is in its vocabulary, and of others the sums that are the rows of its items.
    """
    segments = read_manifest(package).get("segments", [])
    segment = next((segment for segment in segments if segment["name"] == "categories"), None)
    if segment is None or "names" in segment:
        return segment and named(segment["names"])
    shares, words = load_model(package).shares, load_encoder(package).vocabulary
    known = {category: shares.of_category.data[row] for category, row in words["categories"].items()}
    names = sorted({*counted_categories(histories, FACTORED), *(category for category, row in known.items() if row.any())})
    nothing, given = torch.zeros(segment["length"]), torch.tensor([name in known for name in names])
    incidence, rows = item_incidence(histories, words["items"], names), torch.stack([known.get(name, nothing) for name in names])
    return Categories(names, rows_from_items(rows, given, shares.of_item.data[:len(incidence)], incidence), factors=True)


def table_of(name: str) -> str:
    """"item" of "towers.0.item.weight"."""
    return name.split(".")[2] if name.startswith("towers.") else ""


def copy_rows(cells, before, rows):
    """Vocabularies grow at their ends, so that old rows keep their order."""
    old, new = rows
    with torch.no_grad():
        cells[new] = before[old].to(cells.device)


def rows_of(name: str, count: int, before, model):
    """(rows of the old table, rows of the new one) of what both know."""
    if table_of(name) != "attribute":
        return slice(0, count), slice(0, count)
    old, new = [0], [0]  # one table holds the values of all attributes, one attribute after the other
    for size, begin, new_begin in zip(before.shape.attributes, before.towers[0].offsets.tolist(), model.towers[0].offsets.tolist()):
        old += range(begin, begin + size)
        new += range(new_begin, new_begin + size)
    return old, new
