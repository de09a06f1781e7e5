"""The folder of a training run: a checkpoint, so that the run can be stopped and resumed, and its learning curve."""

import csv
import os
from pathlib import Path

import torch

from profile_training.errors import DataError
from profile_training.loop.learning_curve import draw

COLUMNS = ["epoch", "loss", "ndcg@10", "hr@10", "cpuSeconds"]


class RunFolder:
    """`checkpoint.pt` during the run; `progress.csv` and `curve.svg` stay."""

    def __init__(self, folder: Path, settings: dict):
        self.folder, self.settings, self.path = folder, settings, folder / "checkpoint.pt"
        folder.mkdir(parents=True, exist_ok=True)

    def load(self) -> dict | None:
        """The last saved state, or None; a run with other settings cannot be resumed."""
        if not self.path.exists():
            return None
        state = torch.load(self.path, map_location="cpu", weights_only=False)  # written by `save`, with more than weights in it
        differing = sorted(name for name, value in self.settings.items() if state["settings"].get(name) != value)
        if differing:
            raise DataError(f"{self.folder} has the checkpoint of a run with another {', '.join(differing)}: "
                            f"give the same arguments to resume it, name another folder by --run, or delete this one")
        return state

    def save(self, **state):
        """Atomic: a checkpoint is never half written."""
        torch.save({"settings": self.settings, **state}, f"{self.path}.new")
        os.replace(f"{self.path}.new", self.path)
        self.show(state["progress"])

    def show(self, progress: list):
        with open(self.folder / "progress.csv", "w", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, COLUMNS)
            rows.writeheader()
            rows.writerows(progress)
        draw(progress, self.folder / "curve.svg")

    def finish(self):
        """The package is written: the checkpoint is no longer needed."""
        self.path.unlink(missing_ok=True)
