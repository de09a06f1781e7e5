"""Begins a model that is to forget users with what a package learned: the weights of the layers and the rows of what both know.

Rows are found by the words of the vocabularies, so that nothing that only the forgotten users met has a place in the new package. What
counting says of a log is not taken over. Only a part of the package's weights is kept, the rest is what the new model was drawn with
("shrink and perturb", Ash & Adams 2020): what few histories taught goes with it, and training learns the rest again in a few epochs.
"""

from pathlib import Path

import torch

from profile_training.encoding.encoder import FIRST, Encoder, size_of
from profile_training.errors import DataError
from profile_training.package.reader import load_encoder
from profile_training.package.warm_start import TABLES, is_counted, load_alike, table_of


@torch.no_grad()
def keep_part(model, encoder: Encoder, package: Path, keep: float) -> None:
    """Each weight that both have becomes `keep` of the package's and 1 - `keep` of its own."""
    before, known = load_alike(package, model), load_encoder(package)
    if before.shape.content != model.shape.content:
        raise DataError(f"--from {package} takes content of {before.shape.content} numbers, and --items has {model.shape.content}: "
                        f"they must be equal")
    rows, old = both_know(known, encoder), dict(before.named_parameters())
    for name, cells in model.named_parameters():
        if name == "rotation" or is_counted(name) or name not in old:
            continue
        if table_of(name) in TABLES:
            theirs, ours = rows[table_of(name)]
            cells[ours] = torch.lerp(cells[ours], old[name][theirs].to(cells.device), keep)
        elif old[name].shape == cells.shape:
            cells.copy_(torch.lerp(cells, old[name].to(cells.device), keep))


def both_know(old: Encoder, new: Encoder) -> dict:
    """{table: (rows of the package's, rows of the model's)}: padding, unknown, and the words that both have."""
    return {"item": shared(*(side.vocabulary.get("items", {}) for side in (old, new))),
            "category": shared(*(side.vocabulary.get("categories", {}) for side in (old, new))),
            "attribute": shared_attributes(old, new)}


def shared(old: dict, new: dict) -> tuple:
    both = [(old[word], row) for word, row in new.items() if word in old]
    return [*range(FIRST), *(row for row, _ in both)], [*range(FIRST), *(row for _, row in both)]


def shared_attributes(old: Encoder, new: Encoder) -> tuple:
    """One table holds the values of all attributes, one attribute after the other. Buckets are the same if they are as many."""
    before, theirs, ours = dict(placed(old)), [0], [0]
    for name, (begin, encoding) in placed(new):
        known_begin, known = before.get(name, (0, {"encoding": "none"}))
        if encoding["encoding"] == known["encoding"] == "vocabulary":
            pairs = shared(old.vocabulary["attributes"][name], new.vocabulary["attributes"][name])
        else:
            pairs = (range(size_of(encoding) if size_of(encoding) == size_of(known) else 0),) * 2
        theirs += [known_begin + row for row in pairs[0]]
        ours += [begin + row for row in pairs[1]]
    return theirs, ours


def placed(encoder: Encoder):
    """(name, (first row, encoding)) of each attribute."""
    begin = 1
    for encoding in encoder.inputs["attributes"]:
        yield encoding["name"], (begin, encoding)
        begin += size_of(encoding)
