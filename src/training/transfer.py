"""Begins a model with the weights of a package: of the same catalogue grown longer, or of another one."""

from pathlib import Path

import torch

from export import load_model

TABLES = ("item", "category", "attribute")


def carry_over(model, package: Path, vocabulary: dict | None):
    """Copies what fits. With `vocabulary`, rows of items, categories and attribute values that both know go along; without it
    the catalogues have nothing to do with each other, and only the layers do."""
    before = load_model(package)
    old, new = dict(before.named_parameters()), dict(model.named_parameters())
    if type(before) is not type(model):
        raise SystemExit(f"{package} holds another kind of model: choose the --config that it was made with")
    for name, cells in new.items():
        if table_of(name) in TABLES:
            if vocabulary is not None:
                copy_rows(cells, old[name], rows_of(name, before, model))
        elif name in old and old[name].shape == cells.shape:
            cells.data.copy_(old[name].data)
        else:
            raise SystemExit(f"{package}: {name} has another shape here; give the same dimension, layers, heads and inputs")


def table_of(name: str) -> str:
    """"item" of "towers.0.item.weight"."""
    return name.split(".")[2] if name.startswith("towers.") else ""


def copy_rows(cells, before, rows):
    """Vocabularies only grow at their ends, so that old rows keep their order."""
    there, here = rows
    with torch.no_grad():
        cells[here] = before[there].to(cells.device)


def rows_of(name: str, before, model):
    """(rows in the old table, rows in the new one) of everything both know."""
    if table_of(name) != "attribute":
        count = len(dict(before.named_parameters())[name])
        return slice(0, count), slice(0, count)
    there, here = [0], [0]  # one table holds all attributes, one after the other
    for size, old, new in zip(before.shape.attributes, before.towers[0].offsets.tolist(), model.towers[0].offsets.tolist()):
        there += range(old, old + size)
        here += range(new, new + size)
    return there, here
