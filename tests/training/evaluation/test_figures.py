"""Figures computed by hand: ranks, ties, masks, nearest users."""

import unittest
from dataclasses import replace

import numpy as np
import torch

from histories import data_of, histories_of
from profile_training.config.tiny import CONFIG
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import vocabulary_schema
from profile_training.errors import DataError
from profile_training.evaluation.leave_one_out import held_out, popularity
from profile_training.evaluation.nearest_users import figures_of_worlds, nearest_user_figures
from profile_training.evaluation.ranking import ranks, summary
from profile_training.model.factory import model_of


class Figures(unittest.TestCase):
    def test_ranks_count_ties_against_the_target_and_leave_out_what_the_user_met(self):
        letters = "abcdefghijklmno"
        data = data_of(u=letters, v="abcd" + "e")
        ends = {"third of the rest": 2, "tied with nine": 9, "tied with ten": 10}
        for case, place in ends.items():
            with self.subTest(case):
                scores = torch.zeros(1, 15)
                scores[0, :3] = 100.0  # met before, so masked
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
        encoder = Encoder(*vocabulary_schema(CONFIG, histories_of(v="abcd"), {}), 100)
        data = encode_histories(histories, {}, encoder)
        self.assertEqual(held_out(data, "test"), ([0, 1], [3, 3]))
        places = ranks(lambda first, last: torch.zeros(last - first, data.item_count), data, *held_out(data, "test"))
        self.assertEqual([place < 10 for place in places.tolist()], [False, True])

    def test_popularity_counts_what_came_before_the_targets(self):
        data = data_of(u="abcx", v="deex", w="deey", z="fghy")
        # x and y are in no past: 6 items new to u and z rank before their target, and 7 before that of v and w
        self.assertAlmostEqual(popularity(data, "test")["ndcg@10"], (1 / np.log2(8) + 1 / np.log2(9)) / 2, places=4)


class NearestUsers(unittest.TestCase):
    def test_items_come_from_the_nearest_users_pasts_and_never_from_their_targets(self):
        data = data_of(u="abcx", twin="abxq", far="lmnx", leak="abcx")
        angles = torch.tensor([0.0, 0.1, 3.0, 0.05])
        profiles = torch.stack([angles.cos(), angles.sin()], dim=1)

        def gain(k):
            found = nearest_user_figures(profiles, data, "test", [0, 1, 2, 3], k, 0.0)
            return found["ndcg@10"] * found["users"]
        # u and leak are each other's nearest, and each other's x is hidden; the second, twin, brings x to both
        self.assertLess(gain(1) + 0.5, gain(2))

    def test_a_world_without_a_target_counts_for_nothing(self):
        users = {f"u{n}": "abcx" for n in range(3)} | {"short": "ab", "other": "bc"}
        data = replace(data_of(**users), worlds=np.array([0, 0, 0, 1, 1]))
        model = model_of(CONFIG, vocabulary_schema(CONFIG, histories_of(**users), {})[0])
        self.assertEqual(figures_of_worlds(model, data, "test", [0, 1]), figures_of_worlds(model, data, "test", [0]))
        with self.assertRaisesRegex(DataError, "no world"):
            figures_of_worlds(model, data, "test", [1])


if __name__ == "__main__":
    unittest.main()
