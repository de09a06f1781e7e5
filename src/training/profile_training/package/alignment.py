"""Keeps the vectors of a new version comparable with those of the version before.

Training rotates the space. The rotation that brings the new vectors nearest to the old ones, over users and the items that both
versions know, solves the orthogonal Procrustes problem (Schönemann 1966): R = U·Vᵀ with U·S·Vᵀ = newᵀ·old. Profiles and item
vectors are rotated alike, so no score changes. What attention says of now, the factors of what lasts and those of categories are rotated,
each for itself; named categories and facts have their names, means and deviations from the version before.
"""

import sys
from pathlib import Path

import numpy as np
import torch

from profile_training.data.histories import EventLog
from profile_training.encoding.encoder import UNKNOWN, Encoder
from profile_training.encoding.histories import EncodedHistories, encode_histories
from profile_training.evaluation.ranking import vectors
from profile_training.package.heads import heads
from profile_training.package.reader import load_encoder, load_model, read_manifest

MOST = 10_000  # users compared
SAME = 1e-4    # of the greatest factor, up to which factors are the same


def align(model, encoder: Encoder, data: EncodedHistories, log: EventLog, package: Path) -> dict | None:
    """Sets the model's rotations -> `alignment` of the manifest; None where nothing is common. Every second user takes part; the figures
    are of the others."""
    before, known = load_model(package), load_encoder(package)
    known.contents = encoder.contents if len(known.no_content) == len(encoder.no_content) else {}
    old = encode_histories(log.histories, log.attributes, known, data.rules)
    shared, users = shared_items(known, encoder), with_known_items(old)
    if not same_segments(model, package) or len(users) < 2 or (known.no_content and not known.contents):
        print(f"vectors are not aligned with those of {package}, which have other segments, take other content or know no item of these "
              f"events", file=sys.stderr)
        return None
    users = users[:: -(-len(users) // MOST)]
    was = vectors(before, old, users, old.lengths()[users])                       # (U, D)
    align_lasting(model, before, *shared)
    align_categories(model, before, *shared)
    align_now(model, before, shared, was[::2], data, users[::2])
    cosine = (vectors(model, data, users[1::2], data.lengths()[users[1::2]]) * was[1::2]).sum(1).numpy()
    return {"package": "/".join(package.resolve().parts[-2:]), "users": len(cosine),
            "cosine": {"mean": round(float(cosine.mean()), 4), "p05": round(float(np.quantile(cosine, 0.05)), 4)},
            "heads": heads(log, (before, known), (model, encoder))}


def same_segments(model, package: Path) -> bool:
    """Whether each number of a vector can mean what it does in the package."""
    manifest = read_manifest(package)
    before = manifest.get("segments", [{"name": "now", "length": manifest["dimension"]}])
    ours, theirs = ([(segment["name"], segment["length"], segment.get("names")) for segment in segments]
                    for segments in (model.segments(), before))
    return ours == theirs


def align_now(model, before, shared: tuple, was: torch.Tensor, data: EncodedHistories, users: list) -> None:
    model.rotation.data = torch.eye(model.shape.now)
    now, end = vectors(model, data, users, data.lengths()[users]), model.shape.now
    new_items, old_items = model.item_vectors().detach()[shared[1]], before.item_vectors().detach()[shared[0]]
    model.rotation.data = rotation(torch.cat([now, new_items])[:, :end], torch.cat([was, old_items])[:, :end])


def align_lasting(model, before, old_rows: torch.Tensor, new_rows: torch.Tensor) -> None:
    """Factors that were carried over are where they were, and are not rotated."""
    if model.lasting is None:
        return
    new, old = model.lasting.factors.data[new_rows], before.lasting.factors.data[old_rows]
    if not torch.equal(new, old):
        model.lasting.factors.data = model.lasting.factors.data @ rotation(new, old)


def align_categories(model, before, old_rows: torch.Tensor, new_rows: torch.Tensor) -> None:
    """Factors of categories that were taken over are where they were; those that were counted anew are rotated."""
    if not model.shape.category_factors:
        return
    new, old = model.shares.of_item.data[new_rows], before.shares.of_item.data[old_rows]
    if torch.allclose(new, old, rtol=0.0, atol=SAME * old.abs().max().item()):
        return
    turn = rotation(new, old)
    for table in (model.shares.of_item, model.shares.of_category):
        table.data = table.data @ turn


def rotation(new: torch.Tensor, old: torch.Tensor) -> torch.Tensor:
    """The rotation that brings the rows of `new` nearest to those of `old`."""
    u, _, v = torch.linalg.svd((new.T @ old).double())                            # svd gives v as Vᵀ
    return (u @ v).float()


def shared_items(old: Encoder, new: Encoder) -> tuple:
    """(rows of the old tables, rows of the new ones) of the items that both know."""
    of_new = new.vocabulary["items"]
    both = [(row, of_new[item]) for item, row in old.vocabulary["items"].items() if item in of_new]
    return tuple(torch.tensor(rows, dtype=torch.int64) for rows in zip(*both)) if both else (torch.empty(0, dtype=torch.int64),) * 2


def with_known_items(data: EncodedHistories) -> list:
    """Rows of the users with an item in their windows that the vocabulary has."""
    ends, begins = data.starts[1:], np.maximum(data.starts[:-1], data.starts[1:] - data.max_events)
    return [row for row, (begin, end) in enumerate(zip(begins, ends)) if (data.inputs["items"][begin:end] > UNKNOWN).any()]
