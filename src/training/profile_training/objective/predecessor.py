"""The package that training goes on with: which events it was made of, of which a part is replayed, and what it says of them.

New events alone would overwrite what was learned before (McCloskey & Cohen 1989). So a share of the histories without new events is
read again in each epoch, and as of old events profiles are held near those of the package (Li & Hoiem 2016).
"""

from dataclasses import dataclass, replace

import numpy as np
import torch

from profile_training.encoding.encoder import FIRST, UNKNOWN
from profile_training.encoding.histories import EncodedHistories
from profile_training.model.profile_model import ProfileModel


@dataclass(frozen=True)
class Predecessor:
    model: ProfileModel
    known: np.ndarray  # (U) how many of each user's events, the oldest first, it was made of

    def read(self, lengths: np.ndarray, replay: float, rng: np.random.Generator) -> np.ndarray:
        """(U) whose histories an epoch reads: all that have new events among the first `lengths` (U), and a share of the others."""
        return (lengths > self.known) | (rng.random(len(lengths)) < replay)

    def share(self, lengths: np.ndarray, replay: float) -> float:
        """Of the events, how many an epoch reads."""
        new = lengths > self.known
        return float((lengths * np.where(new, 1.0, replay)).sum() / max(1, lengths.sum()))

    def reading(self, data: EncodedHistories) -> EncodedHistories:
        """The data as the package reads it, which was encoded with the vocabulary that grew."""
        shape, count = self.model.shape, self.model.shape.items - FIRST
        inputs = {**data.inputs, "items": below(data.inputs["items"], shape.items),
                  "categories": below(data.inputs["categories"], max(shape.categories, 1))}
        attributes = below(data.attributes, np.array(shape.attributes or (0,)))
        return replace(data, inputs=inputs, attributes=attributes, item_count=count,
                       item_ids=np.where(data.item_ids < count, data.item_ids, -1 - data.item_ids))

    @torch.no_grad()
    def profiles(self, batch: dict) -> list:
        """Each tower's (B, L, W) as of each event, of what the package knows of a batch."""
        shape, known = self.model.shape, dict(batch)
        known["items"], known["categories"] = below(batch["items"], shape.items), below(batch["categories"], max(shape.categories, 1))
        known["attributes"] = below(batch["attributes"], torch.tensor(shape.attributes or (0,), device=batch["attributes"].device))
        return [tower.profile(**known)[0] for tower in self.model.towers]


def below(index, rows):
    """Vocabularies grow at their ends: an index that the package's table lacks is unknown to it."""
    return torch.where(index < rows, index, UNKNOWN) if torch.is_tensor(index) else np.where(index < rows, index, UNKNOWN)
