"""Keeps the vectors of a new version comparable with those of the version before.

Training turns a space. The rotation that turns the new one onto the old one best, over the items that both know and users of
whom both have a vector, is the solution of the orthogonal Procrustes problem (Schönemann 1966): R = U·Vᵀ with U·S·Vᵀ = newᵀ·old.
It turns profiles and items alike, so no score changes.
"""

from pathlib import Path

import numpy as np
import torch

from encode import UNKNOWN
from events import DataError
from export import load_encoder, load_model
from prepare import Prepared
from protocol import vectors
from windows import Histories, encode_histories

MOST = 20_000  # users compared


def align(model, data: Histories, prepared: Prepared, package: Path, contents: dict | None = None) -> dict:
    """Sets the model's rotation; the result is for the manifest. Half of the users decide it, the other half is measured."""
    before, encoder = load_model(package), load_encoder(package, contents)
    old = encode_histories(prepared.histories, prepared.people, encoder)
    if before.shape.dimension != model.shape.dimension:
        raise DataError(f"{package} has dimension {before.shape.dimension}, this model {model.shape.dimension}: they cannot be aligned")
    users = [u for u in range(len(old.users)) if (old.inputs["items"][max(old.starts[u], old.starts[u + 1] - old.max_events):old.starts[u + 1]] > UNKNOWN).any()]
    if len(users) < 2:
        raise DataError(f"{package} knows no item of these events: leave out --from to start anew")
    users = users[:: -(-len(users) // MOST)]
    model.rotation.data = torch.eye(model.shape.dimension)
    was = vectors(before, old, users, old.lengths()[users])                       # (U, D)
    now = vectors(model, data, users, data.lengths()[users])                      # (U, D)
    items, new_items = before.item_vectors().detach(), model.item_vectors().detach()   # the old ones are the first of the new
    u, _, v = torch.linalg.svd((now[::2].T @ was[::2] + new_items[:len(items)].T @ items).double())
    model.rotation.data = (u @ v).float()                                         # svd gives v as Vᵀ
    cosine = ((now[1::2] @ model.rotation.data) * was[1::2]).sum(1).numpy()
    return {"package": f"{package.resolve().parent.name}/{package.resolve().name}", "users": len(cosine),
            "cosine": {"mean": round(float(cosine.mean()), 4), "p05": round(float(np.quantile(cosine, 0.05)), 4)}}
