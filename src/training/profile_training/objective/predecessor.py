"""The package that training goes on with: which events it knows, of which a part is replayed, and what it says of them.

Replaying and distilling keep what was learned while new events are (Lopez-Paz & Ranzato 2017; Li & Hoiem 2016).
"""

from dataclasses import dataclass

import numpy as np
import torch

from profile_training.encoding.encoder import UNKNOWN
from profile_training.model.profile_model import ProfileModel


@dataclass(frozen=True)
class Predecessor:
    model: ProfileModel
    known: np.ndarray  # (U) how many of each user's events, the oldest first, it was made of

    def begin(self, row: int, replayed: bool) -> int:
        """The first event of a user that is a target."""
        return 1 if replayed else max(1, int(self.known[row]))

    @torch.no_grad()
    def profiles(self, batch: dict) -> list:
        """Each tower's (B, L, W) as of each event, of what the package knows of a batch."""
        self.model.eval()
        shape = self.model.shape
        known = {**batch, **{name: below(batch[name], rows) for name, rows in (("items", shape.items), ("categories", shape.categories))}}
        if shape.attributes:
            known["attributes"] = below(batch["attributes"], torch.tensor(shape.attributes))
        return [tower.profile(**known)[0] for tower in self.model.towers]


def below(index: torch.Tensor, rows) -> torch.Tensor:
    """Indices that a table lacks are unknown: vocabularies grow at their ends."""
    return torch.where(index < rows, index, torch.full_like(index, UNKNOWN)) if torch.is_tensor(rows) or rows else index
