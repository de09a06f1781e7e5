"""The neighbours of every item: the items that users met shortly before or after it, counted. It takes seconds and no training.

Two items are neighbours by the number of times that one follows the other within three events, a step further away counting 0.6 and
the way back half, divided by the square roots of both items' popularity; and by their categories, of which rare ones count more.
What an item's score gains is the sum over a window's five newest events, an event before another counting 0.6 of it. It loses where the
window says far more against the item's neighbours than for them.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch

from profile_training.counting.item_feedback import item_feedback
from profile_training.encoding.histories import EncodedHistories

SPAN, STEP, BACKWARDS = 3, 0.6, 0.5
COUNT = 128          # neighbours kept of an item
ALONE = 4 * COUNT    # kept where nothing else scores, so that more items than the nearest have a score at all
LAST, DECAY = 5, 0.6  # newest events of a window, and what each counts beside the one after it
CATEGORY_WEIGHTS = 1.0, 0.0  # of common categories, beside what follows what; one is chosen on validation
CHUNK = 256          # items a step
OUTWEIGHED = 3.0     # times that what is said against the neighbours is more than what is said for them, before an item loses


@dataclass(frozen=True)
class Neighbours:
    items: torch.Tensor     # (N, K) dense item numbers, the nearest first
    nearness: torch.Tensor  # (N, K) 0 where an item has fewer neighbours
    category_weight: float = 0.0  # of common categories in the nearness
    weight: float = 0.0     # of the newest event's neighbours in an item's score; chosen on validation

    def scores(self, data: EncodedHistories, rows, ends) -> torch.Tensor:
        """(B, N) what the windows before `ends` add to the items' scores."""
        rows, ends = np.asarray(rows), np.asarray(ends)
        windows = [slice(begin, end) for begin, end in zip(data.starts[rows] + data.first_read(rows, ends), data.starts[rows] + ends)]
        found = self.following(data, [data.item_ids[max(w.start, w.stop - LAST):w.stop][::-1] for w in windows])
        for at in np.flatnonzero([(data.feedback[window] < 0).any() for window in windows]):
            found[at] = self.of_window(data, int(rows[at]), int(ends[at]))
        return found

    def following(self, data: EncodedHistories, newest: list) -> torch.Tensor:
        """(B, N) the neighbours of each window's newest items, where nothing is said against any; all windows in one step."""
        told = [(at, int(item), self.weight * DECAY ** ago)
                for at, items in enumerate(newest) for ago, item in enumerate(items) if item >= 0]
        found = torch.zeros(len(newest), data.item_count)
        if told:
            window, item, weight = (torch.tensor(column) for column in zip(*told))
            found.view(-1).index_add_(0, (self.items[item] + window[:, None] * data.item_count).flatten(),
                                      (self.nearness[item] * weight[:, None]).flatten())
        return found

    def of_window(self, data: EncodedHistories, row: int, end: int) -> torch.Tensor:
        """(N) of one window that says something against an item."""
        feedback, first = item_feedback(data, row, end), int(data.first_read([row], [end])[0])
        newest = data.ids(row)[max(first, end - LAST):end][::-1]
        follows = self.near(data.item_count, [(int(item), self.weight * DECAY ** ago) for ago, item in enumerate(newest)
                                              if item >= 0 and feedback[int(item)] >= 0])
        if all(weight >= 0 for weight in feedback.values()):
            return follows
        liked = self.near(data.item_count, [(item, weight) for item, weight in feedback.items() if weight > 0])
        turned_down = self.near(data.item_count, [(item, -weight) for item, weight in feedback.items() if weight < 0])
        return follows - (turned_down / OUTWEIGHED - liked).clamp(min=0)

    def near(self, count: int, weighed: list) -> torch.Tensor:
        """(N) the neighbours of (item, weight) pairs."""
        found = torch.zeros(count)
        for item, weight in weighed:
            found.index_add_(0, self.items[item], self.nearness[item] * weight)
        return found

    def with_weight(self, weight: float) -> "Neighbours":
        return replace(self, weight=weight)


def neighbours_of(data: EncodedHistories, lengths: np.ndarray, category_weight: float) -> Neighbours:
    """`lengths` (U): how many of each user's events, the oldest first, are counted."""
    met = popularity_of(data, lengths).sqrt()
    common = weighted_categories(data) if category_weight else no_categories(data)
    return Neighbours(*nearest(divided(transitions(data, lengths), met, met), common, category_weight), category_weight)


def transitions_alone(data: EncodedHistories, lengths: np.ndarray) -> Neighbours:
    """What scores without any training: how often an item follows those of the window, divided by the root of its popularity."""
    counted = divided(transitions(data, lengths), torch.ones(data.item_count), popularity_of(data, lengths).sqrt())
    return Neighbours(*nearest(counted, no_categories(data), 0.0, ALONE), weight=1.0)


def divided(cells: torch.Tensor, of_row: torch.Tensor, of_column: torch.Tensor) -> torch.Tensor:
    rows, columns = cells.indices()
    return torch.sparse_coo_tensor(cells.indices(), cells.values() / (of_row[rows] * of_column[columns]), cells.shape).coalesce()


def transitions(data: EncodedHistories, lengths: np.ndarray) -> torch.Tensor:
    """(N, N), sparse: how often the item of the column follows that of the row."""
    user, place = np.repeat(np.arange(len(lengths)), lengths), np.concatenate([np.arange(length) for length in lengths])
    items = data.item_ids[data.starts[user] + place]
    cells, weights = [], []
    for step in range(1, SPAN + 1):
        follows = np.flatnonzero((user[step:] == user[:-step]) & (items[step:] >= 0) & (items[:-step] >= 0)
                                 & (items[step:] != items[:-step]))
        before, after = items[follows], items[follows + step]
        cells += [np.stack([before, after]), np.stack([after, before])]
        weights += [np.full(len(follows), weight, np.float32) for weight in (STEP ** (step - 1), BACKWARDS * STEP ** (step - 1))]
    shape = data.item_count, data.item_count
    return torch.sparse_coo_tensor(torch.from_numpy(np.concatenate(cells, axis=1)), torch.from_numpy(np.concatenate(weights)),
                                   shape).coalesce()


def popularity_of(data: EncodedHistories, lengths: np.ndarray) -> torch.Tensor:
    """(N) users who met each item, 1 at least."""
    user = np.repeat(np.arange(len(lengths)), lengths)
    items = data.item_ids[np.concatenate([np.arange(start, start + length) for start, length in zip(data.starts, lengths)])]
    met = np.unique(np.stack([user, items])[:, items >= 0], axis=1)
    return torch.from_numpy(np.bincount(met[1], minlength=data.item_count)).clamp(min=1).float()


def weighted_categories(data: EncodedHistories) -> torch.Tensor:
    """(N, C), sparse, whose products are what two items' categories count: one that both have adds 1 / √(its items)."""
    categories = torch.from_numpy(data.categories[1])
    counts = torch.bincount(categories, minlength=1)
    return torch.sparse_coo_tensor(torch.from_numpy(data.categories), 1 / counts.float()[categories] ** 0.25,
                                   (data.item_count, len(counts))).coalesce()


def no_categories(data: EncodedHistories) -> torch.Tensor:
    """(N, 1), sparse, without any cell."""
    return torch.sparse_coo_tensor(size=(data.item_count, 1)).coalesce()


def nearest(follows: torch.Tensor, common: torch.Tensor, category_weight: float, kept: int = COUNT) -> tuple:
    """(items, nearness): the `kept` nearest neighbours of each item: follows (N, N) and common (N, C), both sparse."""
    count = len(common)
    (rows, columns), weights = follows.indices(), follows.values()
    starts, begins = (torch.searchsorted(cells.indices()[0], torch.arange(count + 1)) for cells in (follows, common))
    found = []
    for begin in range(0, count, CHUNK):
        end = min(begin + CHUNK, count)
        here = slice(begins[begin], begins[end])
        own = torch.zeros(common.shape[1], end - begin)                                               # (C, B)
        own[common.indices()[1, here], common.indices()[0, here] - begin] = category_weight * common.values()[here]
        cells = torch.sparse.mm(common, own).T.contiguous()                                           # (B, N)
        chunk = slice(starts[begin], starts[end])
        cells[rows[chunk] - begin, columns[chunk]] += weights[chunk]
        cells[torch.arange(end - begin), torch.arange(begin, end)] = 0.0                     # an item is no neighbour of itself
        found.append(cells.topk(min(kept, count), dim=1))
    return torch.cat([best.indices for best in found]), torch.cat([best.values for best in found])
