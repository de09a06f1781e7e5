"""Training never uses what is held out, and learns every other target once an epoch."""

import unittest
from dataclasses import replace

import numpy as np

from histories import data_of
from profile_training.config.tiny import CONFIG
from profile_training.objective.nearest_users import NearestUsers
from profile_training.objective.next_item import NextItem


class HeldOut(unittest.TestCase):
    def test_training_never_touches_the_last_two_events(self):
        rng = np.random.default_rng(0)
        data = data_of(**{f"u{n}": [f"i{(n * 7 + j * j) % 500}" for j in range(length)] for n, length in
                          enumerate([3, 4, 50, 100, 101, 102, 103, 240, 333, 7, 8, 9, 10, 11])})
        lengths = data.lengths()
        for objective, beyond in ((NextItem, 0), (NearestUsers, 1)):
            config = replace(CONFIG, batch=50)
            batches = objective(config, data, rng).batches()
            seen = [(row, end) for rows, ends, *_ in batches for row, end in zip(rows, ends)]
            self.assertGreater(len(seen), 8)
            for row, end in seen:  # NextItem predicts up to the event before `end`, NearestUsers the one at `end`
                self.assertLessEqual(end + beyond, lengths[row] - 2)

    def test_every_target_of_a_long_history_is_learned_once_an_epoch_and_from_changing_contexts(self):
        data, contexts = data_of(u=[f"i{n}" for n in range(333)]), {}
        for seed in range(20):
            learned = []
            for _, ends, targets in NextItem(CONFIG, data, np.random.default_rng(seed)).batches():
                for end, count in zip(ends, targets):
                    for target in range(end - count, end):
                        learned.append(target)
                        contexts.setdefault(target, set()).add(target - max(0, end - 1 - 100))
            self.assertEqual(sorted(learned), list(range(1, 331)))
        self.assertGreater(min(len(contexts[target]) for target in range(110, 220)), 5)

    def test_a_history_that_fits_one_window_is_one_piece(self):
        for length, pieces in ((102, 1), (103, 1), (104, 2)):  # two are held out, and the last one before them is only a target
            data = data_of(u=[f"i{n}" for n in range(length)])
            batches = NextItem(CONFIG, data, np.random.default_rng(0)).batches()
            self.assertEqual(sum(len(rows) for rows, _, _ in batches), pieces)


if __name__ == "__main__":
    unittest.main()
