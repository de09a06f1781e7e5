"""Whether users are recognisable in a package that was trained with them: membership by loss (Yeom et al. 2018).

A package that remembers single users gives a smaller loss to users whom it was trained on than to users whom it never saw. The measure
is the AUC of telling both apart by each user's mean loss: 0.5 is not recognisable, 1 is always recognised. Its twin in the
service's command line is Membership.cs.
"""

from dataclasses import dataclass

import numpy as np
import torch

from profile_training.encoding.hashing import hash64
from profile_training.encoding.histories import EncodedHistories
from profile_training.errors import DataError
from profile_training.evaluation.leave_one_out import HELD_OUT
from profile_training.evaluation.ranking import CHUNK, scores, vectors
from profile_training.probes.probe import auc

TARGETS = 50   # first events of a user that are asked, after the very first
MOST = 1_000   # users of each kind
LEAST = 10


@dataclass(frozen=True)
class Compared:
    forgotten: list  # users
    strangers: list  # as many that the package never saw, each as near in length to one of the forgotten as can be

    def auc(self, losses: dict) -> tuple:
        """(AUC, its standard error) of guessing by a smaller loss."""
        guess = np.array([-losses[user] for user in self.forgotten + self.strangers])
        found = auc(np.arange(len(guess)) < len(self.forgotten), guess)
        return found, error_of(found, len(self.forgotten), len(self.strangers))


def compared(forgotten: dict, strangers: dict) -> Compared:
    """Pairs of {user: number of events}. Who is taken, and in which order, is decided by a hash of the id."""
    free, pairs = some_of(strangers), []
    for user in sorted(some_of(forgotten), key=lambda user: (-forgotten[user], hash64(user))):
        if free:
            nearest = min(free, key=lambda other: (abs(strangers[other] - forgotten[user]), hash64(other)))
            pairs.append((user, nearest))
            free.remove(nearest)
    if len(pairs) < LEAST:
        raise DataError(f"{len(forgotten):,} forgotten users and {len(strangers):,} that the package never saw have events in --data that "
                        f"can be asked: at least {LEAST} of each are needed")
    return Compared(*(list(side) for side in zip(*pairs)))


def some_of(users: dict) -> list:
    return sorted(users, key=hash64)[:MOST]


def targets_of(data: EncodedHistories, row: int) -> np.ndarray:
    """Places of the events that are asked about: those that training learned, if the package knows their items."""
    ids = data.ids(row)
    places = np.arange(1, max(1, min(len(ids) - HELD_OUT, 1 + TARGETS)))
    return places[ids[places] >= 0]


@torch.no_grad()
def losses(model, data: EncodedHistories, temperature: float) -> dict:
    """{user: mean loss} of each user with a target: the cross-entropy of the softmax over all items, of the scores of recommendations."""
    targets = [targets_of(data, row) for row in range(len(data.users))]
    rows = np.repeat(np.arange(len(targets)), [len(places) for places in targets])
    ends = np.concatenate(targets) if targets else rows
    if not len(rows):
        return {}
    score, found = scores(model, data, rows, ends, vectors(model, data, rows, ends)), []
    for first in range(0, len(rows), CHUNK):
        chunk = slice(first, min(first + CHUNK, len(rows)))
        logits = score(chunk.start, chunk.stop).double() / temperature
        target = torch.from_numpy(data.item_ids[data.starts[rows[chunk]] + ends[chunk]])
        found.append(torch.logsumexp(logits, 1) - logits.gather(1, target[:, None]).squeeze(1))
    total = np.bincount(rows, torch.cat(found).numpy(), len(targets))
    return {data.users[row]: total[row] / len(places) for row, places in enumerate(targets) if len(places)}


def error_of(found: float, yes: int, no: int) -> float:
    """The standard error of an AUC (Hanley & McNeil 1982)."""
    both_yes, both_no = found / (2 - found), 2 * found ** 2 / (1 + found)
    variance = found * (1 - found) + (yes - 1) * (both_yes - found ** 2) + (no - 1) * (both_no - found ** 2)
    return float(np.sqrt(max(0.0, variance) / (yes * no)))


def only_theirs(histories: dict, forgotten, vocabulary: dict) -> int:
    """How many of the package's items nobody but the forgotten users met in the log."""
    met = {True: set(), False: set()}  # by whether the user is forgotten
    for user, history in histories.items():
        met[user in forgotten].update(event.item for event in history)
    return len((met[True] - met[False]) & set(vocabulary))
