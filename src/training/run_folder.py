"""The folder of a training run: where it stands, so that it can be stopped and resumed, and its curve as a picture."""

import csv
import os
from pathlib import Path

import torch

from curve import draw
from events import DataError

COLUMNS = ["epoch", "loss", "ndcg@10", "hr@10", "cpuSeconds"]


class RunFolder:
    """`checkpoint.pt` while it runs, `progress.csv` and `curve.svg` for the reader."""

    def __init__(self, folder: Path, settings: dict):
        self.folder, self.settings, self.path = folder, settings, folder / "checkpoint.pt"
        folder.mkdir(parents=True, exist_ok=True)

    def load(self) -> dict | None:
        """What `save` was given, or None where nothing was; a run with other settings is not gone on with."""
        if not self.path.exists():
            return None
        state = torch.load(self.path, map_location="cpu", weights_only=False)  # our own file, with more than weights in it
        differing = sorted(name for name, value in self.settings.items() if state["settings"].get(name) != value)
        if differing:
            raise DataError(f"{self.folder} holds a run that was stopped, with another {', '.join(differing)}: "
                             f"give the same arguments to resume it, another --run, or delete the folder")
        return state

    def save(self, **state):
        """Whole or not at all."""
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
        """The package holds the model now."""
        self.path.unlink(missing_ok=True)
