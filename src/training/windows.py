"""Encoded histories of all users, and batches of windows cut out of them."""

from dataclasses import dataclass

import numpy as np
import torch

from encode import FIRST, UNKNOWN, Encoder

INPUTS = ["items", "kinds", "categories", "gaps", "values", "attributes"]
CONTENT = "content"  # the seventh, of a package that declares it


@dataclass
class Histories:
    users: list
    starts: np.ndarray      # (U + 1,) where each user's events begin in the arrays below
    inputs: dict            # {input: (E,)} over all events, a user's oldest first
    attributes: np.ndarray  # (U, A)
    item_ids: np.ndarray    # (E,) dense item number, 0 ... item_count - 1; below 0 for an item that the vocabulary lacks
    item_count: int
    worlds: np.ndarray      # (U,) number of the world the user lives in
    max_events: int
    contents: np.ndarray | None = None      # (M, C) content vectors, the first one zero; None where the model takes none
    content_rows: np.ndarray | None = None  # (E,) each event's row of them

    def lengths(self) -> np.ndarray:
        return np.diff(self.starts)

    def ids(self, row: int) -> np.ndarray:
        """Dense item numbers of one user's events."""
        return self.item_ids[self.starts[row]:self.starts[row + 1]]

    def batch(self, rows, ends, device="cpu") -> dict:
        """Windows of the newest events before `ends`, padded on the left to the longest of them: {input: (B, L)}, content (B, L, C)."""
        rows, ends = np.asarray(rows), np.asarray(ends)
        length = int(max(1, min(self.max_events, ends.max())))
        place = ends[:, None] - length + np.arange(length)                        # (B, L) counted from the user's first event
        real, cells = place >= 0, self.starts[rows][:, None] + np.maximum(place, 0)
        out = {name: np.where(real, column[np.minimum(cells, len(column) - 1)], 0).astype(column.dtype)
               for name, column in self.inputs.items()}
        oldest = np.maximum(length - ends, 0)
        known = (ends > 0) & (out["gaps"][np.arange(len(rows)), oldest] > 0)      # where the model uses gaps at all
        out["gaps"][np.flatnonzero(known), oldest[known]] = UNKNOWN               # a window's first event has nothing before it
        out["attributes"] = self.attributes[rows]
        if self.contents is not None:
            out[CONTENT] = self.contents[np.where(real, self.content_rows[np.minimum(cells, len(self.content_rows) - 1)], 0)]
        return {name: torch.from_numpy(column).to(device) for name, column in out.items()}


def encode_histories(histories: dict, people: dict, encoder: Encoder) -> Histories:
    """A user lives in the world that its id names before a slash; without a slash all live in one."""
    users, worlds, columns = list(histories), {}, {name: [] for name in INPUTS[:-1]}
    for history in histories.values():
        for name, cells in encoder.events(history).items():
            columns[name].append(np.array(cells, np.float32 if name == "values" else np.int64))
    inputs = {name: np.concatenate(parts) for name, parts in columns.items()}
    looked_up, known = encoder.inputs["items"]["encoding"] == "vocabulary", {}
    item_ids = np.array([known.setdefault(e.item, len(known)) for history in histories.values() for e in history])
    item_count = len(known)
    if looked_up:  # the vocabulary numbers the items; those that it lacks keep negative numbers of their own
        item_ids = np.where(inputs["items"] >= FIRST, inputs["items"] - FIRST, -1 - item_ids)
        item_count = encoder.inputs["items"]["size"]
    starts = np.concatenate([[0], np.cumsum([len(history) for history in histories.values()])])
    attributes = np.array([encoder.attributes(people.get(user, {})) for user in users], np.int64).reshape(len(users), -1)
    world = np.array([worlds.setdefault(user.partition("/")[0] if "/" in user else "", len(worlds)) for user in users])
    contents, content_rows = encode_contents(histories, encoder) if encoder.nothing else (None, None)
    return Histories(users, starts, inputs, attributes, item_ids, item_count, world, encoder.max_events, contents, content_rows)


def encode_contents(histories: dict, encoder: Encoder):
    """The content vectors that the histories need, after one of zeros, and which of them each event's item has."""
    numbers = {item: number for number, item in enumerate(encoder.contents, 1)}
    contents = np.array([encoder.nothing, *encoder.contents.values()], np.float32)           # (M, C)
    return contents, np.array([numbers.get(e.item, 0) for history in histories.values() for e in history])


def forget(attributes, chance: float):
    """Each user loses all attributes with this chance, and each attribute of the rest with half of it."""
    keep = (torch.rand(len(attributes), 1) >= chance) & (torch.rand(attributes.shape) >= chance / 2)
    return attributes * keep.to(attributes.device)


def device_of(model):
    return next(model.parameters()).device
