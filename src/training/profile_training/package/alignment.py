"""Keeps the vectors of a new version comparable with those of the version before.

Training rotates the space. The rotation that brings the new vectors nearest to the old ones, over the items that both versions
know and users, solves the orthogonal Procrustes problem (Schönemann 1966): R = U·Vᵀ with U·S·Vᵀ = newᵀ·old. Profiles and item
vectors are rotated alike, so no score changes. Only what attention says of now is rotated: the other parts
are carried over.
"""

from pathlib import Path

import numpy as np
import torch

from profile_training.data.histories import EventLog
from profile_training.encoding.encoder import UNKNOWN
from profile_training.encoding.histories import EncodedHistories, encode_histories
from profile_training.errors import DataError
from profile_training.evaluation.leave_one_out import vectors
from profile_training.package.reader import load_encoder, load_model

MOST = 20_000  # users compared


def align(model, data: EncodedHistories, log: EventLog, package: Path, contents: dict | None = None) -> dict:
    """Sets the model's rotation -> `alignment` of the manifest. Every second user takes part; the figures are of the others."""
    before, encoder = load_model(package), load_encoder(package, contents)
    old = encode_histories(log.histories, log.attributes, encoder, data.rules)
    if before.shape.dimension != model.shape.dimension:
        raise DataError(f"{package} has dimension {before.shape.dimension}, this model {model.shape.dimension}: "
                        f"they cannot be aligned")
    users = with_known_items(old)
    if len(users) < 2:
        raise DataError(f"{package} knows no item of these events: leave out --from to train anew")
    users = users[:: -(-len(users) // MOST)]
    model.rotation.data = torch.eye(model.shape.now)
    was = vectors(before, old, users, old.lengths()[users])                       # (U, D)
    now = vectors(model, data, users, data.lengths()[users])                      # (U, D)
    items, new_items = before.item_vectors().detach(), model.item_vectors().detach()   # the old ones are the first of the new
    old_rows, new_rows = torch.cat([was[::2], items]), torch.cat([now[::2], new_items[:len(items)]])
    end = model.shape.now
    model.rotation.data = rotation(new_rows[:, :end], old_rows[:, :end])
    cosine = (vectors(model, data, users[1::2], data.lengths()[users[1::2]]) * was[1::2]).sum(1).numpy()
    return {"package": f"{package.resolve().parent.name}/{package.resolve().name}", "users": len(cosine),
            "cosine": {"mean": round(float(cosine.mean()), 4), "p05": round(float(np.quantile(cosine, 0.05)), 4)}}


def rotation(new: torch.Tensor, old: torch.Tensor) -> torch.Tensor:
    """The rotation that brings the rows of `new` nearest to those of `old`."""
    u, _, v = torch.linalg.svd((new.T @ old).double())                            # svd gives v as Vᵀ
    return (u @ v).float()


def with_known_items(data: EncodedHistories) -> list:
    """Rows of the users with an item in their windows that the vocabulary has."""
    ends, begins = data.starts[1:], np.maximum(data.starts[:-1], data.starts[1:] - data.max_events)
    return [row for row, (begin, end) in enumerate(zip(begins, ends)) if (data.inputs["items"][begin:end] > UNKNOWN).any()]
