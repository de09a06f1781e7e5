"""Begins a model with the weights of a package: of the same catalogue grown longer, or of another one."""

from pathlib import Path

import torch

from events import DataError
from export import load_model

TABLES = ("item", "category", "attribute")


def carry_over(model, package: Path, same_catalogue: bool):
    """Copies what fits: of the same catalogue also the rows of items, categories and attribute values that both know; the
    rotation stays that of the new model."""
    before = load_model(package)
    old, new = dict(before.named_parameters()), dict(model.named_parameters())
    if type(before) is not type(model):
        raise DataError(f"{package} holds another kind of model: choose the --config that it was made with")
    for name, cells in new.items():
        if table_of(name) in TABLES:
            if same_catalogue:
                copy_rows(cells, old[name], rows_of(name, len(old[name]), before, model))
        elif name == "rotation":
            continue
        elif name in old and old[name].shape == cells.shape:
            cells.data.copy_(old[name].data)
        else:
            raise DataError(f"{package}: {name} is not there or of another shape; give the same dimension, towers, layers, heads and inputs")


def table_of(name: str) -> str:
    """"item" of "towers.0.item.weight"."""
    return name.split(".")[2] if name.startswith("towers.") else ""


def copy_rows(cells, before, rows):
    """Vocabularies only grow at their ends, so that old rows keep their order."""
    there, here = rows
    with torch.no_grad():
        cells[here] = before[there].to(cells.device)


def rows_of(name: str, count: int, before, model):
    """(rows in the old table, rows in the new one) of everything both know."""
    if table_of(name) != "attribute":
        return slice(0, count), slice(0, count)
    there, here = [0], [0]  # one table holds all attributes, one after the other
    for size, old, new in zip(before.shape.attributes, before.towers[0].offsets.tolist(), model.towers[0].offsets.tolist()):
        there += range(old, old + size)
        here += range(new, new + size)
    return there, here
