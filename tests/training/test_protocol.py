"""Figures by hand: ranks, ties, masks, neighbours; and training never touches what is held out."""

import unittest
from dataclasses import replace

import here  # noqa: F401
import numpy as np
import torch
from configs import CONFIGS
from encode import Encoder
from nearest_users import NearestUsers, neighbour_figures
from next_item import NextItem
from events import Event
from protocol import held_out, popularity, ranks, summary
from schema import vocabulary_schema
from windows import encode_histories


def histories_of(**items):
    """A user each, whose events are the items in the order of the letters given."""
    return {user: [Event(user, "view", item, n * 1_000_000) for n, item in enumerate(letters)]
            for user, letters in items.items()}


def data_of(**items):
    histories = histories_of(**items)
    return encode_histories(histories, {}, Encoder(*vocabulary_schema(CONFIGS["tiny"], histories, {}), 100))


class Figures(unittest.TestCase):
    def test_ranks_count_ties_against_the_target_and_leave_out_what_the_user_met(self):
        letters = "abcdefghijklmno"
        data = data_of(u=letters, v="abcd" + "e")
        ends = {"third of the rest": 2, "tied with nine": 9, "tied with ten": 10}
        for case, place in ends.items():
            with self.subTest(case):
                scores = torch.zeros(1, 15)
                scores[0, :3] = 100.0  # met before, so out of the race
                scores[0, 4:4 + place] = 2.0 if case.startswith("third") else 1.0
                scores[0, 3] = 1.0
                found = summary(ranks(lambda first, last: scores, data, [0], [3]))
                self.assertEqual(found["hr@10"], float(place < 10))
                self.assertAlmostEqual(found["ndcg@10"], 1 / np.log2(place + 2) if place < 10 else 0.0, places=4)

    def test_scores_that_are_no_numbers_are_misses(self):
        data = data_of(u="abcdefghijklmno")
        self.assertGreaterEqual(ranks(lambda first, last: torch.full((1, 15), torch.nan), data, [0], [3]).item(), 10)

    def test_targets_are_the_last_event_and_the_one_before_and_only_new_items(self):
        data = data_of(u="abcd", again="abca", short="abc", other="abbcd")
        self.assertEqual(held_out(data, "test"), ([0, 3], [3, 4]))
        self.assertEqual(held_out(data, "valid"), ([0, 1, 3], [2, 2, 3]))

    def test_a_target_that_the_vocabulary_lacks_is_a_miss_and_no_repeat_of_another_such_item(self):
        histories = histories_of(u=["a", "strange", "b", "stranger"], v="abcd", again=["a", "strange", "b", "strange"])
        encoder = Encoder(*vocabulary_schema(CONFIGS["tiny"], histories_of(v="abcd"), {}), 100)
        data = encode_histories(histories, {}, encoder)
        self.assertEqual(held_out(data, "test"), ([0, 1], [3, 3]))
        places = ranks(lambda first, last: torch.zeros(last - first, data.item_count), data, *held_out(data, "test"))
        self.assertEqual([place < 10 for place in places.tolist()], [False, True])

    def test_popularity_counts_what_came_before_the_targets(self):
        data = data_of(u="abcx", v="deex", w="deey", z="fghy")
        # x and y are nobody's past: before u's and z's target stand the 6 items new to them, before v's and w's 7
        self.assertAlmostEqual(popularity(data, "test")["ndcg@10"], (1 / np.log2(8) + 1 / np.log2(9)) / 2, places=4)


class Neighbours(unittest.TestCase):
    def test_items_come_from_the_nearest_users_pasts_and_never_from_their_targets(self):
        data = data_of(u="abcx", twin="abxq", far="lmnx", leak="abcx")
        angles = torch.tensor([0.0, 0.1, 3.0, 0.05])
        profiles = torch.stack([angles.cos(), angles.sin()], dim=1)

        def gain(k):
            found = neighbour_figures(profiles, data, "test", [0, 1, 2, 3], k, 0.0)
            return found["ndcg@10"] * found["users"]
        # u and leak are each other's nearest, and each other's x is hidden; the second, twin, brings x to both
        self.assertLess(gain(1) + 0.5, gain(2))


class HeldOut(unittest.TestCase):
    def test_training_never_touches_the_last_two_events(self):
        rng = np.random.default_rng(0)
        data = data_of(**{f"u{n}": [f"i{(n * 7 + j * j) % 500}" for j in range(length)] for n, length in
                          enumerate([3, 4, 50, 100, 101, 102, 103, 240, 333, 7, 8, 9, 10, 11])})
        lengths = data.lengths()
        for objective, beyond in ((NextItem, 0), (NearestUsers, 1)):
            config = replace(CONFIGS["tiny"], batch=50)
            seen = [(row, end) for rows, ends, *_ in objective(config, data, rng).batches() for row, end in zip(rows, ends)]
            self.assertGreater(len(seen), 8)
            for row, end in seen:  # NextItem predicts up to the event before `end`, NearestUsers the one at `end`
                self.assertLessEqual(end + beyond, lengths[row] - 2)

    def test_every_target_of_a_long_history_is_learned_once_an_epoch_and_from_ever_other_contexts(self):
        data, contexts = data_of(u=[f"i{n}" for n in range(333)]), {}
        for seed in range(20):
            learned = []
            for rows, ends, targets in NextItem(CONFIGS["tiny"], data, np.random.default_rng(seed)).batches():
                for end, count in zip(ends, targets):
                    for target in range(end - count, end):
                        learned.append(target)
                        contexts.setdefault(target, set()).add(target - max(0, end - 1 - 100))
            self.assertEqual(sorted(learned), list(range(1, 331)))
        self.assertGreater(min(len(contexts[target]) for target in range(110, 220)), 5)

    def test_a_history_that_fits_one_window_is_one_piece(self):
        for length, pieces in ((102, 1), (103, 1), (104, 2)):  # two are held out, and the last of the rest is only a target
            data = data_of(u=[f"i{n}" for n in range(length)])
            self.assertEqual(sum(len(rows) for rows, _, _ in NextItem(CONFIGS["tiny"], data, np.random.default_rng(0)).batches()), pieces)


if __name__ == "__main__":
    unittest.main()
