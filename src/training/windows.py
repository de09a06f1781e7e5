"""Encoded histories of all users, and batches of windows cut out of them."""

from dataclasses import dataclass

import numpy as np
import torch

from encode import UNKNOWN, Encoder

INPUTS = ["items", "kinds", "categories", "gaps", "values", "attributes"]


@dataclass
class Histories:
    users: list
    encoded: list           # a user: {input: array over the whole history, oldest first}
    attributes: np.ndarray  # (U, A)
    item_ids: list          # a user: dense item number of each event, 0 ... item_count - 1
    item_count: int
    worlds: np.ndarray      # (U,) number of the world the user lives in
    max_events: int

    def lengths(self) -> np.ndarray:
        return np.array([len(ids) for ids in self.item_ids])

    def batch(self, rows, ends) -> dict:
        """Windows of the newest events before `ends`, padded on the left to the longest of them."""
        length = max(1, min(self.max_events, max(ends)))
        out = {name: np.zeros((len(rows), length), np.float32 if name == "values" else np.int64) for name in INPUTS[:-1]}
        for b, (row, end) in enumerate(zip(rows, ends)):
            start = max(0, end - length)
            for name, cells in out.items():
                cells[b, length - (end - start):] = self.encoded[row][name][start:end]
            if end > start:
                out["gaps"][b, length - (end - start)] = UNKNOWN  # a window's first event has nothing before it
        out["attributes"] = self.attributes[rows]
        return {name: torch.from_numpy(cells) for name, cells in out.items()}


def encode_histories(histories: dict, people: dict, encoder: Encoder) -> Histories:
    """A user lives in the world that its id names before a slash; without a slash all live in one."""
    users, items, worlds = list(histories), {}, {}
    encoded, item_ids = [], []
    for history in histories.values():
        arrays = encoder.events(history)
        encoded.append({name: np.array(cells, np.float32 if name == "values" else np.int64)
                        for name, cells in arrays.items()})
        item_ids.append(np.array([items.setdefault(e.item, len(items)) for e in history]))
    attributes = np.array([encoder.attributes(people.get(user, {})) for user in users], np.int64).reshape(len(users), -1)
    world = np.array([worlds.setdefault(user.partition("/")[0] if "/" in user else "", len(worlds)) for user in users])
    return Histories(users, encoded, attributes, item_ids, len(items), world, encoder.max_events)
