"""The encoded histories of all users, and batches of windows cut from them."""

import hashlib
from dataclasses import dataclass

import numpy as np
import torch

from profile_training.data.feedback import RatingScale, feedback_of, liking_of
from profile_training.encoding.encoder import FIRST, UNKNOWN, Encoder
from profile_training.encoding.window_rules import WindowRules

INPUTS = ["items", "kinds", "categories", "gaps", "values", "attributes"]
CONTENT, TIME = "content", "time"  # inputs of a package that declares them


@dataclass
class EncodedHistories:
    users: list
    starts: np.ndarray      # (U + 1,) where each user's events begin in the arrays below
    inputs: dict            # {input: (E,)} over all events, a user's oldest first
    attributes: np.ndarray  # (U, A)
    item_ids: np.ndarray    # (E,) dense item number, 0 ... item_count - 1; negative for an item that is not in the vocabulary
    item_count: int
    worlds: np.ndarray      # (U,) number of the user's world: a generated shop, or the one catalogue
    max_events: int
    micros: np.ndarray      # (E,) when each event happened
    rules: WindowRules      # of the windows that figures are of
    firsts: np.ndarray      # (E,) where by the rules the window begins that ends with the event, from the user's first event
    contents: np.ndarray | None = None      # (M, C) content vectors, the first one zero; None if the model takes none
    content_rows: np.ndarray | None = None  # (E,) each event's row of `contents`
    times: np.ndarray | None = None         # (E, 2) `time` of a window that ends here; None if not taken
    likings: np.ndarray | None = None       # (E,) -1 to 1 of events that judge their items, NaN of others
    feedback: np.ndarray | None = None      # (E,) what each event says for its item or against it
    categories: np.ndarray | None = None    # (2, P) each item with each of the categories that its events name, as dense numbers

    def lengths(self) -> np.ndarray:
        return np.diff(self.starts)

    def digest(self) -> str:
        """Of all that is read of the log and of its items."""
        found = hashlib.sha256("\n".join(self.users).encode("utf-8"))
        further = (self.categories, self.contents, self.content_rows, self.likings, self.feedback)
        for cells in (self.starts, self.micros, self.item_ids, self.attributes, *self.inputs.values(), *further):
            if cells is not None:
                found.update(np.ascontiguousarray(cells).data)
        return found.hexdigest()

    def ids(self, row: int) -> np.ndarray:
        """Dense item numbers of one user's events."""
        return self.item_ids[self.starts[row]:self.starts[row + 1]]

    def first(self, rows, ends) -> np.ndarray:
        """(B,) where the windows of the events before `ends` begin by the rules, from the user's first event."""
        rows, ends = np.asarray(rows), np.asarray(ends)
        return np.where(ends > 0, self.firsts[np.maximum(self.starts[rows] + ends - 1, 0)], 0)

    def first_read(self, rows, ends) -> np.ndarray:
        """(B,) where what the model reads of these windows begins: their newest events."""
        return np.maximum(self.first(rows, ends), np.asarray(ends) - self.max_events)

    def windows(self, rows, ends, device="cpu") -> dict:
        """The windows before `ends` as the service would hold them; see batch."""
        return self.batch(rows, ends, device, self.first(rows, ends))

    def batch(self, rows, ends, device="cpu", first=0) -> dict:
        """Windows of the newest events before `ends` and from `first` on, padded on the left to equal length.

        {input: (B, L)}, content (B, L, C), time (B, 2).
        """
        rows, ends = np.asarray(rows), np.asarray(ends)
        first = np.maximum(first, ends - self.max_events).clip(min=0)             # (B,)
        length = int(max(1, (ends - first).max()))
        place = ends[:, None] - length + np.arange(length)                        # (B, L) from the user's first event
        real, cells = place >= first[:, None], self.starts[rows][:, None] + np.maximum(place, 0)
        out = {name: np.where(real, column[np.minimum(cells, len(column) - 1)], 0).astype(column.dtype)
               for name, column in self.inputs.items()}
        oldest = np.minimum(length - (ends - first), length - 1)
        known = (ends > 0) & (out["gaps"][np.arange(len(rows)), oldest] > 0)      # (B,) false if the model does not use gaps
        out["gaps"][np.flatnonzero(known), oldest[known]] = UNKNOWN               # nothing stands before a window's first event
        out["attributes"] = self.attributes[rows]
        if self.contents is not None:
            content_rows = self.content_rows[np.minimum(cells, len(self.content_rows) - 1)]
            out[CONTENT] = self.contents[np.where(real, content_rows, 0)]
        if self.times is not None:
            out[TIME] = self.times[np.maximum(self.starts[rows] + ends - 1, 0)] * (ends > 0)[:, None].astype(np.float32)
        return {name: torch.from_numpy(column).to(device) for name, column in out.items()}


def encode_histories(histories: dict, attributes: dict, encoder: Encoder, rules: WindowRules | None = None,
                     ratings: RatingScale = RatingScale()) -> EncodedHistories:
    """Windows hold as many events as the model reads, of any age, where no rules are given."""
    columns = {name: [] for name in INPUTS[:-1]}
    for history in histories.values():
        for name, cells in encoder.events(history).items():
            columns[name].append(np.array(cells, np.float32 if name == "values" else np.int64))
    inputs = {name: np.concatenate(parts) for name, parts in columns.items()}
    item_ids, item_count = numbered_items(histories, inputs["items"], encoder)
    users, starts = list(histories), np.concatenate([[0], np.cumsum([len(history) for history in histories.values()])])
    given = np.array([encoder.attributes(attributes.get(user, {})) for user in users], np.int64).reshape(len(users), -1)
    contents, content_rows = encode_contents(histories, encoder) if encoder.no_content else (None, None)
    events = [event for history in histories.values() for event in history]
    micros = np.array([event.micros for event in events], np.int64)
    times = encoder.times(micros) if TIME in encoder.inputs else None
    rules = rules or WindowRules(encoder.max_events)
    likings = [liking_of(event, ratings) for event in events]
    feedback = [feedback_of(event, liking) for event, liking in zip(events, likings)]
    return EncodedHistories(users, starts, inputs, given, item_ids, item_count, worlds_of(users), encoder.max_events,
                            micros, rules, rules.firsts(starts, micros), contents, content_rows, times,
                            np.array(likings, np.float32), np.array(feedback, np.float32), categories_of(events, item_ids))


def numbered_items(histories: dict, indices: np.ndarray, encoder: Encoder):
    """(item_ids, item_count): numbers from the vocabulary if there is one, otherwise in order of appearance."""
    numbers: dict = {}
    item_ids = np.array([numbers.setdefault(e.item, len(numbers)) for history in histories.values() for e in history])
    if encoder.inputs["items"]["encoding"] != "vocabulary":
        return item_ids, len(numbers)
    return np.where(indices >= FIRST, indices - FIRST, -1 - item_ids), encoder.inputs["items"]["size"]


def categories_of(events: list, item_ids: np.ndarray) -> np.ndarray:
    """(2, P) pairs of item and category."""
    numbers: dict = {}
    pairs = {(int(item), numbers.setdefault(category, len(numbers)))
             for event, item in zip(events, item_ids) if item >= 0 for category in event.categories}
    return np.array(sorted(pairs), np.int64).reshape(-1, 2).T


def worlds_of(users: list) -> np.ndarray:
    """The part of a user id before a slash names the world; all users without a slash share one."""
    worlds: dict = {}
    return np.array([worlds.setdefault(user.partition("/")[0] if "/" in user else "", len(worlds)) for user in users])


def encode_contents(histories: dict, encoder: Encoder):
    """(contents, content_rows)."""
    numbers = {item: number for number, item in enumerate(encoder.contents, 1)}
    contents = np.array([encoder.no_content, *encoder.contents.values()], np.float32)        # (M, C)
    return contents, np.array([numbers.get(e.item, 0) for history in histories.values() for e in history])
