"""The folder of a training run: a checkpoint, so that the run can be stopped and resumed, and its learning curve."""

import csv
import io
import os
import pickle
from pathlib import Path

import torch

from profile_training.errors import DataError, unwritten
from profile_training.loop.learning_curve import draw

CONTENT = "content of --data or --items"  # name of a setting
STATE = {"settings", "run", "model", "objective", "optimizer", "rng", "torchRng", "seconds"}
DAMAGED = (RuntimeError, EOFError, pickle.UnpicklingError, LookupError, TypeError, ValueError, AttributeError, ImportError)
COLUMNS = ["epoch", "loss", "ndcg@10", "hr@10", "cpuSeconds"]


def run_folder(path: Path) -> Path:
    """The folder of a run, which can be made or written in; that is checked before any work."""
    above = next(folder for folder in (path.resolve(), *path.resolve().parents) if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise DataError(f"--run {path} cannot be written: {above} is no folder or may not be written in: name another folder by --run")
    return path


class RunFolder:
    """`checkpoint.pt` during the run; `progress.csv` and `curve.svg` stay."""

    def __init__(self, folder: Path, settings: dict):
        self.folder, self.settings, self.path = folder, settings, folder / "checkpoint.pt"
        folder.mkdir(parents=True, exist_ok=True)

    def load(self) -> dict | None:
        """The last saved state, or None; a run with other settings cannot be resumed."""
        if not self.path.exists():
            return None
        state = self.read()
        if state["settings"].keys() != self.settings.keys():
            raise DataError(f"{self.path} is the checkpoint of another build: delete it, and the same command trains from the start")
        if differing := self.differing(state["settings"]):
            raise DataError(f"{self.folder} has the checkpoint of a run with another {', '.join(differing)}: "
                            f"give the same arguments to resume it, name another folder by --run, or delete this one")
        return state

    def read(self) -> dict:
        try:
            state = torch.load(self.path, map_location="cpu", weights_only=False)  # written by `save`, with more than weights in it
            if STATE <= state.keys() and isinstance(state["settings"], dict):
                return state
        except DAMAGED:
            pass
        raise self.unusable()

    def unusable(self) -> DataError:
        return DataError(f"{self.path} is damaged, or no checkpoint of this build: delete it, and the same command trains from the start")

    def differing(self, before: dict) -> list:
        """Names of the settings that are not those of the run; what follows from other data is not named besides the data."""
        names = sorted(name for name, value in self.settings.items() if before.get(name) != value)
        return [name for name in names if name != "inputs" or CONTENT not in names]

    def save(self, progress: list, **state):
        """Atomic: a checkpoint is never half written. PyTorch's own writer ends the process where a disk is full."""
        cells = io.BytesIO()
        torch.save({"settings": self.settings, **state}, cells)
        new = Path(f"{self.path}.new")
        try:
            new.write_bytes(cells.getbuffer())
            os.replace(new, self.path)
            self.show(progress)
        except OSError as error:
            new.unlink(missing_ok=True)
            raise unwritten(f"{self.folder}: checkpoint and curve", error, "name another folder by --run") from error

    def show(self, progress: list):
        with open(self.folder / "progress.csv", "w", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, COLUMNS)
            rows.writeheader()
            rows.writerows(progress)
        draw(progress, self.folder / "curve.svg")

    def finish(self):
        """The package is written: the checkpoint is no longer needed."""
        self.path.unlink(missing_ok=True)
